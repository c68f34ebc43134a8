// More steps than any descent here makes.
const END = 5000;
// What a player of the game may ask for, as the server counts it too.
const PROBES = 15;

// Where the pointer is on the map, in the units of its axes: Plotly's own clicks
// snap to the points of its grid.
(function () {
  "use strict";
  const BOARDS = { map: "pointer", board: "probe" };
  let dragging = null;
  let last = 0;

  function place(event, board) {
    const plot = document.querySelector(`#${board} .js-plotly-plot`);
    if (!plot || !plot._fullLayout || !plot._fullLayout.xaxis) return null;
    const { xaxis, yaxis } = plot._fullLayout;
    const box = plot.getBoundingClientRect();
    const across = event.clientX - box.left - xaxis._offset;
    const along = event.clientY - box.top - yaxis._offset;
    if (across < 0 || along < 0 || across > xaxis._length || along > yaxis._length) return null;
    return [xaxis.p2d(across), yaxis.p2d(along)];
  }

  function drop(event) {
    const here = place(event, dragging);
    if (here) window.dash_clientside.set_props(BOARDS[dragging], { data: here });
  }

  document.addEventListener("pointerdown", (event) => {
    const board = Object.keys(BOARDS).find((name) => event.target.closest(`#${name}`));
    if (!board || !place(event, board)) return;
    dragging = board;
    drop(event);
    // A probe is one click; the ball is dragged along.
    if (board === "board") dragging = null;
  });
  document.addEventListener("pointermove", (event) => {
    if (!dragging || performance.now() - last < 80) return;
    last = performance.now();
    drop(event);
  });
  document.addEventListener("pointerup", (event) => {
    if (dragging) drop(event);
    dragging = null;
  });
})();

// What waits for a part of the page to be there.
(function () {
  "use strict";
  function once(selector, then) {
    const waiting = new MutationObserver(() => {
      const part = document.querySelector(selector);
      if (!part) return;
      waiting.disconnect();
      setTimeout(() => then(part), 0);
    });
    waiting.observe(document.documentElement, { childList: true, subtree: true });
  }
  // Whose system is dark finds the page so, as if the button had been pressed.
  if (window.matchMedia("(prefers-color-scheme: dark)").matches)
    once("#switch", (button) => button.click());
  // The picture is there, or words that say why it is not.
  const there = "#map .main-svg, #complaint:not(:empty), ._dash-error";
  once(there, () => document.querySelector("#coming")?.remove());
  // What is large and not in the picture comes behind it.
  once("#map .main-svg", () => window.dash_clientside.set_props("drawn", { data: true }));
})();

// Which step is shown, and whether the clock runs.
window.dash_clientside = Object.assign({}, window.dash_clientside, {
  lab: {
    enter: function (room, view) {
      // Plotly measures a picture when it is shown.
      setTimeout(() => window.dispatchEvent(new Event("resize")), 50);
      const hidden = (name, usual) => (room === name ? usual : `${usual} hidden`);
      return [
        hidden("descend", "columns"),
        hidden("fit", "columns two-columns"),
        hidden("guess", ""),
        hidden("lessons", "columns two-columns"),
        view === "microscope" ? "" : "hidden",
      ];
    },
    draw: function () {
      const plot = document.querySelector("#map .js-plotly-plot");
      window.Plotly.downloadImage(plot, { format: "svg", filename: "steepest" });
      return "The picture, as it is shown";
    },
    play: function (place, _, game) {
      if (window.dash_clientside.callback_context.triggered_id === "another")
        return { seed: game.seed + 1, places: [] };
      if (!place || game.places.length >= PROBES) return window.dash_clientside.no_update;
      return { seed: game.seed, places: [...game.places, place] };
    },
    turn: function () {
      const [shown, last, speed, paused] = Array.from(arguments).slice(-4);
      const here = Math.min(shown, last);
      // What happens while an answer is under way comes in one call: a tick of the
      // clock must not hide the button that was pressed beside it.
      const { triggered } = window.dash_clientside.callback_context;
      const touched = new Set(triggered.map((one) => one.prop_id.split(".")[0]));
      if (touched.has("play")) {
        if (!paused) return [here, true, "▶ Play"];
        return [here >= last ? 0 : here, false, "Pause"];
      }
      if (touched.has("back") || touched.has("ahead")) {
        const next = here + (touched.has("ahead") ? 1 : -1);
        return [Math.min(Math.max(next, 0), last), true, "▶ Play"];
      }
      if (touched.size === 1 && touched.has("clock")) {
        if (paused) return Array(3).fill(window.dash_clientside.no_update);
        const next = Math.min(here + speed, last);
        return [next, next >= last, next >= last ? "▶ Play" : "Pause"];
      }
      // Anything else changes the descents, which are then shown to their ends.
      return [END, true, "▶ Play"];
    },
  },
});
