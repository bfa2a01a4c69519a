/** What cells call, for the kernel of this process. */
import { provideLoadContext } from '../../../lab/cells/loadContext';
import { serveCells } from '../../../lab/cells';
import { loadSplits } from '../../../lab/loadSplits';
import { currentCell } from '../context';
import { displayOf, type DisplayContext } from '../display';
import { Pages } from '../display/pages';
import type { Controls } from './controls';
import { examples, loadContextOf } from './examples';
import { evaluate, layers, predict } from './models';
import { plot } from './plot';
import { train } from './train';

/** Serves the lab's functions to every cell of this process. @returns how values are shown */
export function serveCellFunctions(pages: Pages, controls: Controls): DisplayContext {
  const context: DisplayContext = { pages, load: (data) => loadSplits(data, loadContextOf(currentCell('load'))) };
  provideLoadContext(() => loadContextOf(currentCell('load')));
  serveCells({
    train,
    evaluate,
    predict,
    plot,
    layers,
    examples,
    input: controls.functions,
    show: async (...values) => {
      const cell = currentCell('show');
      for (const value of values) {
        const items = await displayOf(value, context);
        if (items !== undefined) cell.show(items);
      }
    },
  });
  return context;
}
