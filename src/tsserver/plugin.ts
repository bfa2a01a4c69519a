/**
 * The plugin of TypeScript's server. Cells of a notebook are understood as parts of it (`notebooks.ts`), and any file may
 * import the lab (`labModules.ts`). Every other file of every other project is left to TypeScript.
 *
 * Loaded once for each project of a server, that is also for projects that have nothing to do with the lab.
 */
import type ts from 'typescript';
import type { NotebookOrders } from '../protocol/tsserver';
import { decorate } from './decorate';
import { resolveLab } from './labModules';
import { labOptions } from './options';
import { Notebooks } from './notebooks';

/** One for each server; a process has more than one only in tests. */
const known = new WeakMap<ts.server.ProjectService, Notebooks>();

export function plugin({ typescript }: { typescript: typeof ts }): ts.server.PluginModule {
  let notebooks: Notebooks | undefined;
  return {
    create(info) {
      const options = labOptions(typescript, info.serverHost);
      // Without the lab's declarations (a build that did not finish) there is nothing to add.
      if (options === undefined) return info.languageService;
      const service = info.project.projectService;
      notebooks = known.get(service) ?? new Notebooks(typescript, service, options);
      known.set(service, notebooks);
      notebooks.order(info.config as Partial<NotebookOrders>);
      leaveOutCells(info.languageServiceHost, notebooks);
      resolveLab(typescript, info.languageServiceHost, options);
      return decorate(info.languageService, notebooks);
    },
    onConfigurationChanged(config: Partial<NotebookOrders>) {
      notebooks?.order(config);
    },
  };
}

/** The project that the server opens cells in need not read them: their notebook does, and there may be a thousand. */
function leaveOutCells(host: ts.LanguageServiceHost, notebooks: Notebooks): void {
  const names = host.getScriptFileNames.bind(host);
  host.getScriptFileNames = () => names().filter((file) => !notebooks.has(file));
}
