/** What the extension host tells its plugin of TypeScript's server. */

/** The package in node_modules, by which package.json and VS Code name the plugin. */
export const TYPES_PLUGIN = 'deep-learning-lab-types';

/** Replaces what was told before. */
export interface NotebookOrders {
  /**
   * Of each open notebook the code cells from top to bottom: a notebook is named by the path of its URI, a cell by the
   * fragment of its document's URI.
   */
  readonly notebooks: Readonly<Record<string, readonly string[]>>;
}
