// Stands in for VS Code around the page: its API object, its theme, and a record of what happens.
// Runs before the page's own script, under the same policy.
(() => {
  // What the page has put off; it is not done before that.
  const timers = new Set();
  const { setTimeout: start, clearTimeout: end } = window;
  window.setTimeout = (task, delay, ...values) => {
    const timer = start(() => {
      timers.delete(timer);
      task(...values);
    }, delay);
    timers.add(timer);
    return timer;
  };
  window.clearTimeout = (timer) => {
    timers.delete(timer);
    end(timer);
  };
  const harness = {
    sent: [],
    violations: [],
    state: undefined,
    /** As VS Code does it: variables on the root element, kind of theme on the body. */
    theme({ classes, data, variables }) {
      const root = document.documentElement;
      root.removeAttribute('style');
      for (const [name, value] of Object.entries(variables)) root.style.setProperty(name, value);
      document.body.className = classes;
      Object.assign(document.body.dataset, data);
    },
    /** Delivered as VS Code does it: a clone, as a message event. */
    send(message) {
      window.postMessage(message, '*');
    },
    frame: () => new Promise((resolve) => requestAnimationFrame(resolve)),
    /** Sends a chunk every frame; resolves with the durations of the page's frames while it ran, in ms. */
    async play(chunks) {
      performance.clearMeasures();
      const durations = { frame: [], 'frame:points': [], 'frame:draw': [] };
      const observer = new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) durations[entry.name]?.push(entry.duration);
      });
      observer.observe({ entryTypes: ['measure'] });
      for (const chunk of chunks) {
        harness.send(chunk);
        await harness.frame();
      }
      await harness.settled();
      observer.disconnect();
      return durations;
    },
    /** Resolves when the page has measured no frame for a while and put nothing off: it has nothing more to do. */
    async settled() {
      const count = () => performance.getEntriesByName('frame').length;
      for (let quiet = 0, before = count(); quiet < 12;) {
        await harness.frame();
        const now = count();
        quiet = now === before && timers.size === 0 ? quiet + 1 : 0;
        before = now;
      }
    },
  };
  document.addEventListener('securitypolicyviolation', (event) => {
    harness.violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
  });
  window.acquireVsCodeApi = () => ({
    postMessage: (message) => harness.sent.push(structuredClone(message)),
    getState: () => harness.state,
    setState: (state) => {
      harness.state = structuredClone(state);
    },
  });
  window.harness = harness;
})();
