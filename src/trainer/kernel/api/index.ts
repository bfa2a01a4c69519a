/** What cells call, for the kernel of this process. */
import { serveCells } from '../../../lab/cells';
import { provideLoadContext } from '../../../lab/cells/loadContext';
import { currentCell } from '../context';
import { displayOf } from '../display';
import type { Controls } from './controls';
import { examples, loadContextOf } from './examples';
import { evaluate, layers, predict } from './models';
import { plot } from './plot';
import { train } from './train';

/** Serves the lab's functions to every cell of this process, and to the files that cells import. */
export function serveCellFunctions(controls: Controls): void {
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
        const items = await displayOf(value, cell);
        if (items !== undefined) cell.show(items);
      }
    },
  });
}
