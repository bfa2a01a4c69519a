// The kit in a page that is not the panel's: no VS Code API, elements that are given, in the document or in a shadow root.
import { Crosshair } from '../../../webview/kit/charts/crosshair';
import { linesOf } from '../../../webview/kit/charts/lines';
import { MetricChart } from '../../../webview/kit/charts/metricChart';
import { RunSeries } from '../../../webview/kit/data/series';
import { mount } from '../../../webview/kit/mount';
import { PICTURES } from '../../../webview/kit/pictures';
import { parseColor } from '../../../webview/kit/theme/parse';

/** An element in the page, and what is mounted in it. */
function place(name, inShadow) {
  const outer = document.createElement('div');
  outer.dataset.place = name;
  document.querySelector('#app').append(outer);
  const host = document.createElement('div');
  (inShadow ? outer.attachShadow({ mode: 'open' }) : outer).append(host);
  const themes = [];
  const mounted = mount(host, (theme) => themes.push(theme));
  harness.places[name] = { host, mounted, themes };
  return { host, mounted };
}

const harness = {
  places: {},
  violations: [],
  parseColor,
  picture(name, inShadow, picture) {
    const { host, mounted } = place(name, inShadow);
    const view = PICTURES[picture.kind].create();
    host.append(view.element);
    view.draw(picture, mounted.theme);
    harness.places[name].redraw = (newer) => view.draw(newer, mounted.theme);
  },
  chart(name, inShadow, columns) {
    const { host, mounted } = place(name, inShadow);
    const series = new RunSeries();
    for (const part of columns) series[part.kind].append(part, 0, part.length);
    const chart = new MetricChart('loss', new Crosshair(), () => undefined);
    host.append(chart.element);
    const last = series.step.x.step.at(series.step.length - 1);
    chart.draw({
      lines: linesOf([{ key: name, name, place: 0, series }], 'loss', 0.9),
      axis: 'step',
      range: { from: 0, to: last },
      logarithmic: false,
      unit: false,
      theme: mounted.theme,
    });
  },
  /** Share of each canvas in a place that is not of one colour with its corner. */
  drawn(name) {
    const canvases = [...harness.places[name].host.querySelectorAll('canvas')];
    return canvases.map((canvas) => {
      if (canvas.width === 0 || canvas.height === 0) return 0;
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      const pixels = new Uint32Array(data.buffer);
      return pixels.filter((pixel) => pixel !== pixels[0]).length / pixels.length;
    });
  },
  /** All ids of the document and of its shadow roots. */
  ids() {
    const roots = [document, ...Object.values(harness.places).map(({ host }) => host.getRootNode())];
    return [...new Set(roots)].flatMap((root) => [...root.querySelectorAll('[id]')].map(({ id }) => id));
  },
};
document.addEventListener('securitypolicyviolation', (event) => {
  harness.violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
});
globalThis.harness = harness;
