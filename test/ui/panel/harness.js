// Stands in for VS Code around the page: its API object, its theme, and a record of what happens.
// Runs before the page's own script, under the same policy.
(() => {
  // What the page has put off, and a clock that is put forward instead of waiting for it: the page rests after each
  // picture, up to a second.
  const timers = new Map();
  const { setTimeout: start, clearTimeout: end } = window;
  const clock = performance.now.bind(performance);
  let ahead = 0;
  performance.now = () => clock() + ahead;
  window.setTimeout = (task, delay = 0, ...values) => {
    const run = () => {
      timers.delete(timer);
      task(...values);
    };
    const timer = start(run, delay);
    timers.set(timer, { run, due: performance.now() + delay });
    return timer;
  };
  window.clearTimeout = (timer) => {
    timers.delete(timer);
    end(timer);
  };
  const next = () => [...timers].sort(([, a], [, b]) => a.due - b.due)[0];
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
    /** Delivered as VS Code does it: a clone, as a message event. Resolves once the page has it. */
    send(message) {
      const delivered = new Promise((resolve) => {
        window.addEventListener('message', resolve, { once: true });
      });
      window.postMessage(message, '*');
      return delivered;
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
    /** Resolves when the page has done what it has put off, and has measured no frame for four: it has no more to do. */
    async settled() {
      const count = () => performance.getEntriesByName('frame').length;
      for (let quiet = 0, before = count(); quiet < 4;) {
        await harness.frame();
        const now = count();
        quiet = now === before && timers.size === 0 ? quiet + 1 : 0;
        before = now;
        const [timer, { run, due } = {}] = next() ?? [];
        if (timer === undefined) continue;
        ahead += Math.max(0, due - performance.now());
        end(timer);
        run();
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
