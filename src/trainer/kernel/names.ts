import * as l10n from '@vscode/l10n';
import { LabError } from '../../protocol/errors';
import type { ValuePath } from '../../protocol/kernel';
import { writtenName, type TranslatedCell } from './cell/translate';
import type { ReplScope } from './scope';
import { partAt } from './variables';

/** The names that cells have declared, and what they stand for now. */
export class DeclaredNames {
  private readonly names = new Set<string>();
  /** Those among them that stand for something of a package, not for the learner's own. */
  private readonly foreign = new Set<string>();

  constructor(private readonly scope: ReplScope) {}

  /** The first first. */
  get all(): ReadonlySet<string> {
    return this.names;
  }

  declare({ declares, imports }: Pick<TranslatedCell, 'declares' | 'imports'>): void {
    for (const name of declares) {
      this.names.add(name);
      this.foreign.delete(name);
    }
    const packages = imports.filter(({ specifier }) => !/^(\.|\/|file:)/.test(specifier));
    for (const { local } of packages.flatMap(({ names }) => names)) this.foreign.add(local);
  }

  /** The learner's own that have a value. */
  async own(): Promise<ReadonlyMap<string, unknown>> {
    return await this.values([...this.names].filter((name) => !this.foreign.has(name)));
  }

  /** @throws LabError VARIABLE_UNKNOWN, what the learner's code in the value throws */
  async at([name, ...parts]: ValuePath): Promise<unknown> {
    const values = await this.values(this.names.has(name) ? [name] : []);
    if (!values.has(name)) throw unknownVariable(name);
    let value = values.get(name);
    for (const place of parts) {
      const part = partAt(value, place);
      // It has another value since it was unfolded.
      if (part === undefined) throw unknownVariable(name);
      value = part.read();
    }
    return value;
  }

  private async values(names: readonly string[]): Promise<ReadonlyMap<string, unknown>> {
    const source = names.map((name) => `${JSON.stringify(name)}: () => ${writtenName(name)}`);
    const evaluated = await this.scope.evaluate(`({${source.join(',')}})`, 'lab-variables.js');
    const getters = evaluated.kind === 'value' ? (evaluated.value as Readonly<Record<string, () => unknown>>) : {};
    const values = new Map<string, unknown>();
    for (const name of names) {
      try {
        values.set(name, getters[name]?.());
      } catch {
        // its declaration threw: it has no value
      }
    }
    return values;
  }
}

function unknownVariable(name: string): LabError {
  return new LabError({
    code: 'VARIABLE_UNKNOWN',
    message: l10n.t("No cell has given '{0}' a value.", name),
    found: name,
    remedy: l10n.t('Run the cell that declares it.'),
  });
}
