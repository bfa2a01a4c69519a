/** A million points into the panel's page, in a real browser. */
import { logisticSteps, measureStream } from '../ui/panel/million';
import { launchBrowser, PanelPage, servePage } from '../ui/panel/page';
import { atMost, type Row } from './row';

const POINTS = 1_000_000;

export async function million(): Promise<Row[]> {
  const [browser, served] = await Promise.all([launchBrowser(), servePage()]);
  try {
    const points = logisticSteps(POINTS);
    const rows: Row[] = [];
    for (const [name, size] of [
      ['live, 1,000 points a frame', 1000],
      ['late page, 50,000 points a message', 50_000],
    ] as const) {
      const panel = await PanelPage.open(browser, served.url);
      const { append, draw, frame } = await measureStream(panel, points, size);
      await panel.close();
      const goal = size === 1000 ? atMost(16, 'ms', append.p99) : {};
      rows.push(
        { bench: 'million', name: `${name}: appending, median`, value: append.median, unit: 'ms' },
        { bench: 'million', name: `${name}: appending, 99 of 100 frames`, value: append.p99, unit: 'ms', ...goal },
        { bench: 'million', name: `${name}: drawing, median`, value: draw.median, unit: 'ms' },
        { bench: 'million', name: `${name}: whole frame, median`, value: frame.median, unit: 'ms' },
      );
    }
    return rows;
  } finally {
    await browser.close();
    await served.close();
  }
}
