// Search without a server: a browser starts no worker from a page that is opened as a file, so
// there its work is done in a hidden frame, which answers to the same messages.
if (location.protocol === "file:") {
  window.IFrameWorker = window.Worker = class extends EventTarget {
    constructor(url) {
      super();
      const frame = document.createElement("iframe");
      frame.hidden = true;
      document.body.appendChild(frame);
      this.room = frame.contentWindow;
      const within = this.room.document;
      within.open();
      within.write("<!doctype html><body>");
      within.close();
      const load = (source) =>
        new Promise((resolve, reject) => {
          const script = within.createElement("script");
          script.src = source;
          script.onload = resolve;
          script.onerror = reject;
          within.body.appendChild(script);
        });
      this.room.postMessage = (data) => setTimeout(() => this.answer(data));
      this.room.importScripts = (...sources) =>
        sources.reduce((before, source) => before.then(() => load(source)), Promise.resolve());
      this.ready = load(url);
    }

    answer(data) {
      const message = new MessageEvent("message", { data });
      this.dispatchEvent(message);
      if (this.onmessage) this.onmessage(message);
    }

    postMessage(data) {
      this.ready.then(() =>
        this.room.dispatchEvent(new MessageEvent("message", { data, source: window })),
      );
    }

    terminate() {}
  };
}
