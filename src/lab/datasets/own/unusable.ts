/** Rows and files of a learner's data that cannot be used: left out, and named. */
import * as l10n from '@vscode/l10n';
import { LabError } from '../../../protocol/errors';

const NAMED = 10;

/** Keeps the first ten with their reasons, and counts all. */
export class Unusable {
  private readonly first: string[] = [];
  private total = 0;

  /** @param what where it is and what is wrong, e.g. "line 7: 3 fields instead of 4" */
  add(what: string): void {
    this.total += 1;
    if (this.first.length < NAMED) this.first.push(what);
  }

  /** All that another one has counted. */
  addAll({ first, total }: Unusable): void {
    this.first.push(...first.slice(0, NAMED - this.first.length));
    this.total += total;
  }

  get count(): number {
    return this.total;
  }

  /** The first ten, a line each, and how many there are besides. */
  get list(): string {
    const more = this.total - this.first.length;
    return [...this.first, ...(more > 0 ? [l10n.t('… and {0} more', more)] : [])].join('\n');
  }

  /** What the learner is told although the rest can be used. */
  warning(name: string): string {
    return l10n.t('{0}: {1} left out, which cannot be used:\n{2}', name, this.total, this.list);
  }
}

/** Nothing is left, or less than a split needs. @param least how many there have to be */
export function nothingUsable(name: string, found: number, least: number, unusable?: Unusable): LabError {
  const listed = unusable === undefined || unusable.count === 0 ? '' : `\n${unusable.list}`;
  return new LabError({
    code: 'DATA_UNUSABLE',
    message: l10n.t('{0}: {1} examples can be used, at least {2} are needed.', name, found, least) + listed,
    expected: l10n.t('at least {0} examples', least),
    found: l10n.t('{0} examples', found),
    remedy: l10n.t('Correct what is named, or give more data.'),
    field: 'data',
  });
}
