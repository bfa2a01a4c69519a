/** Jupyter's format, nbformat 4.5: https://nbformat.readthedocs.io/en/latest/format_description.html */
import { hashOfSource } from '../document';
import { isJson, type ShownCell, type ShownOutput } from './shown';

const LANGUAGE = { name: 'typescript', file_extension: '.ts', mimetype: 'text/typescript' };

/** The text of an `.ipynb` file. */
export function toIpynb(cells: readonly ShownCell[]): string {
  const notebook = {
    cells: cells.map(cellOf),
    metadata: {
      kernelspec: { name: 'deep-learning-lab', display_name: 'Deep Learning Lab', language: 'typescript' },
      language_info: LANGUAGE,
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
  return JSON.stringify(notebook, null, 1) + '\n';
}

function cellOf(cell: ShownCell, index: number): object {
  const common = { id: `${index}-${hashOfSource(cell.text)}`, source: linesOf(cell.text) };
  if (cell.kind === 'markdown') return { ...common, cell_type: 'markdown', metadata: {} };
  return {
    ...common,
    cell_type: 'code',
    // By this VS Code knows a cell in another language than the notebook's.
    metadata: cell.language === LANGUAGE.name ? {} : { vscode: { languageId: cell.language } },
    execution_count: cell.order ?? null,
    outputs: cell.outputs.map(outputOf),
  };
}

function outputOf(output: ShownOutput): object {
  switch (output.kind) {
    case 'stream':
      return { output_type: 'stream', name: output.stream, text: linesOf(output.text) };
    case 'error': {
      const { name, message, stack } = output;
      return { output_type: 'error', ename: name, evalue: message, traceback: stack.split('\n') };
    }
    case 'show': {
      const data = Object.entries(output.items).map(([mime, item]) => [mime, itemOf(mime, item)] as const);
      return { output_type: 'display_data', data: Object.fromEntries(data), metadata: {} };
    }
  }
}

function itemOf(mime: string, item: unknown): unknown {
  if (isJson(mime)) return item ?? null;
  const text = typeof item === 'string' ? item : String(item);
  return mime.startsWith('text/') || mime === 'image/svg+xml' ? linesOf(text) : text;
}

/** As Jupyter writes text: a line each, with its end. */
function linesOf(text: string): string[] {
  return text.replace(/\r\n|\r/g, '\n').match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
