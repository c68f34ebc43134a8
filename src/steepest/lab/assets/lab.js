// More steps than any descent here makes.
const END = 5000;

// Where the pointer is on the map, in the units of its axes: Plotly's own clicks
// snap to the points of its grid.
(function () {
  "use strict";
  let dragging = false;
  let last = 0;

  function place(event) {
    const plot = document.querySelector("#map .js-plotly-plot");
    if (!plot || !plot._fullLayout || !plot._fullLayout.xaxis) return null;
    const { xaxis, yaxis } = plot._fullLayout;
    const box = plot.getBoundingClientRect();
    const across = event.clientX - box.left - xaxis._offset;
    const along = event.clientY - box.top - yaxis._offset;
    if (across < 0 || along < 0 || across > xaxis._length || along > yaxis._length) return null;
    return [xaxis.p2d(across), yaxis.p2d(along)];
  }

  function drop(event) {
    const here = place(event);
    if (here) window.dash_clientside.set_props("pointer", { data: here });
  }

  document.addEventListener("pointerdown", (event) => {
    if (!event.target.closest("#map") || !place(event)) return;
    dragging = true;
    drop(event);
  });
  document.addEventListener("pointermove", (event) => {
    if (!dragging || performance.now() - last < 80) return;
    last = performance.now();
    drop(event);
  });
  document.addEventListener("pointerup", (event) => {
    if (dragging) drop(event);
    dragging = false;
  });
})();

// Which step is shown, and whether the clock runs.
window.dash_clientside = Object.assign({}, window.dash_clientside, {
  lab: {
    turn: function () {
      const [shown, last, speed, paused] = Array.from(arguments).slice(-4);
      const here = Math.min(shown, last);
      const touched = window.dash_clientside.callback_context.triggered_id;
      if (touched === "play") {
        if (!paused) return [here, true, "▶ Play"];
        return [here >= last ? 0 : here, false, "Pause"];
      }
      if (touched === "back" || touched === "ahead") {
        const next = here + (touched === "ahead" ? 1 : -1);
        return [Math.min(Math.max(next, 0), last), true, "▶ Play"];
      }
      if (touched === "clock") {
        if (paused) return Array(3).fill(window.dash_clientside.no_update);
        const next = Math.min(here + speed, last);
        return [next, next >= last, next >= last ? "▶ Play" : "Pause"];
      }
      // Anything else changes the descents, which are then shown to their ends.
      return [END, true, "▶ Play"];
    },
  },
});
