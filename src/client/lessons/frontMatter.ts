import * as l10n from '@vscode/l10n';
import { isMap, isNode, isScalar, LineCounter, parseDocument, type YAMLMap } from 'yaml';
import { LabError } from '../../protocol/errors';

/** The YAML block between two `---` lines at the top of a file; knows the line of each value. */
export class FrontMatter {
  private constructor(
    private readonly file: string,
    private readonly map: YAMLMap,
    private readonly lines: LineCounter,
    /** What follows the block. */
    readonly body: string,
  ) {}

  /** @throws LabError LESSON_INVALID when there is no such block or it is not a YAML mapping. */
  static parse(file: string, text: string): FrontMatter {
    const block = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)^---[ \t]*$/m.exec(text);
    if (block?.[1] === undefined || block.index !== 0) {
      throw invalid(file, 1, 1, l10n.t('{0} does not begin with front matter between two lines "---".', name(file)));
    }
    const lines = new LineCounter();
    const document = parseDocument(block[1], { lineCounter: lines, prettyErrors: false });
    const [error] = document.errors;
    if (error !== undefined) {
      const place = lines.linePos(error.pos[0]);
      throw invalid(
        file,
        place.line + 1,
        place.col,
        l10n.t('The front matter of {0} is not YAML: {1}', name(file), error.message),
      );
    }
    if (!isMap(document.contents)) {
      throw invalid(file, 2, 1, l10n.t('The front matter of {0} has no "key: value" lines.', name(file)));
    }
    return new FrontMatter(file, document.contents, lines, text.slice(block[0].length).trim());
  }

  has(key: string): boolean {
    return this.map.has(key);
  }

  /** The value as plain data; undefined when there is none. */
  value(key: string): unknown {
    const node: unknown = this.map.get(key);
    return isNode(node) ? node.toJSON() : node;
  }

  /** @throws LabError LESSON_INVALID unless the value is a text that is not empty. */
  text(key: string): string {
    const value: unknown = this.map.get(key);
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
    throw this.wrong(key, l10n.t('a text'), value);
  }

  /** @throws LabError LESSON_INVALID unless the value is a number of at least `least`. */
  number(key: string, least: number): number {
    const value: unknown = this.map.get(key);
    if (typeof value === 'number' && value >= least) return value;
    throw this.wrong(key, l10n.t('a number of at least {0}', least), value);
  }

  /** An error at the line of `key`. */
  wrong(key: string, expected: string, found: unknown): LabError {
    const shown = found === undefined ? l10n.t('nothing') : (JSON.stringify(found) as string | undefined);
    const { line, column } = this.place(key);
    return invalid(this.file, line, column, l10n.t('"{0}" in {1} is not right.', key, name(this.file)), {
      expected,
      found: shown ?? typeof found,
    });
  }

  private place(key: string): { line: number; column: number } {
    const pair = this.map.items.find((item) => isScalar(item.key) && item.key.value === key);
    const offset = pair !== undefined && isScalar(pair.key) ? pair.key.range?.[0] : undefined;
    if (offset === undefined) return { line: 1, column: 1 };
    const place = this.lines.linePos(offset);
    // The block starts below the first `---`.
    return { line: place.line + 1, column: place.col };
  }
}

const name = (file: string): string => file.split(/[\\/]/).slice(-2).join('/');

export function invalid(
  file: string,
  line: number,
  column: number,
  message: string,
  difference: { readonly expected?: string; readonly found?: string } = {},
): LabError {
  return new LabError({
    code: 'LESSON_INVALID',
    message,
    ...difference,
    remedy: l10n.t('Correct the file; the other lessons are not affected.'),
    location: { file, line, column },
  });
}
