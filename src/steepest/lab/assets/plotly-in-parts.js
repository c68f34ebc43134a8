// The part of Plotly that draws maps and curves is read by a browser in less than half the time
// of the whole, which is fetched when a picture needs more, such as a surface.
(function () {
  "use strict";
  const KNOWN = new Set(["scatter", "contour", "heatmap", "bar", "box", "histogram", "image"]);
  const PART = document.querySelector("link[rel=preload][href*=plotly-cartesian]").href;
  let part = null;
  let whole = null;

  function fetched(source) {
    return new Promise((found, failed) => {
      const script = document.createElement("script");
      script.src = source;
      script.onload = () => found(window.Plotly);
      script.onerror = () => failed(new Error(`There is no answer from ${source}`));
      document.head.append(script);
    });
  }

  // One picture after the other: a later one does not overtake one that waits for the whole.
  let turn = Promise.resolve();
  function drawn(name) {
    return (place, figure, ...more) => {
      const traces = Array.isArray(figure) ? figure : (figure?.data ?? []);
      if (!traces.every((one) => KNOWN.has(one.type ?? "scatter")))
        whole ??= fetched(window._dashPlotlyJSURL).catch((error) => {
          whole = null;
          throw error;
        });
      const plotly = whole ?? part;
      turn = turn.catch(() => {}).then(async () => (await plotly)[name](place, figure, ...more));
      return turn;
    };
  }

  // Dash waits for what is there, and only when it has a picture to draw.
  let ready = null;
  function prepared() {
    ready ??= fetched(PART).then((found) => {
      part = found;
      const either = { newPlot: drawn("newPlot"), react: drawn("react") };
      window.Plotly = Object.assign({}, part, either);
    });
    return ready;
  }
  window.Plotly = { then: (found, failed) => prepared().then(found, failed) };
})();
