import type ts from 'typescript';
import { inCell, withoutAliases, type Renaming } from './inCell';
import type { Notebooks } from './notebooks';
import { outward } from './outward';
import { Place } from './place';

type Method = (...args: unknown[]) => unknown;

/** The service of a project, in which the cells of notebooks are understood as parts of them. */
export function decorate(original: ts.LanguageService, notebooks: Notebooks): ts.LanguageService {
  const decorated = Object.create(original) as ts.LanguageService;
  for (const [name, answer] of Object.entries(inCell)) {
    const otherwise = (original as unknown as Readonly<Record<string, Method | undefined>>)[name];
    if (otherwise === undefined) continue;
    const method = (subject: Subject, ...rest: unknown[]): unknown => {
      const place = placeOf(fileOf(subject));
      if (place === undefined) return otherwise(subject, ...rest);
      const inner = typeof subject === 'string' ? place.file : { ...subject, fileName: place.file };
      return place.notebook.ask(() => (answer as Method)(place, inner, ...rest));
    };
    Object.assign(decorated, { [name]: method });
  }
  return Object.assign(decorated, alsoInCells(decorated, notebooks));

  function placeOf(file: string): Place | undefined {
    const notebook = notebooks.of(file);
    const cell = notebook?.cell(file);
    return notebook === undefined || cell === undefined ? undefined : new Place(notebook, cell);
  }
}

/** What every question begins with. */
type Subject = string | { readonly fileName: string };

function fileOf(subject: Subject): string {
  return typeof subject === 'string' ? subject : subject.fileName;
}

/** What is declared in the lesson's files is also used in cells: there it is found and renamed, too. */
function alsoInCells(
  service: ts.LanguageService,
  notebooks: Notebooks,
): Pick<ts.LanguageService, 'findReferences'> & Renaming {
  const find = service.findReferences.bind(service);
  const renaming: Renaming = service;
  const rename = renaming.findRenameLocations.bind(service);
  const cellsUsing = <T extends { readonly fileName: string }>(
    file: string,
    ask: (language: ts.LanguageService & Renaming) => readonly T[] | undefined,
  ): T[] => {
    if (notebooks.has(file)) return [];
    return notebooks.using(file).flatMap((notebook) => {
      const all = outward(notebook, notebook.ask(ask) ?? [], undefined);
      return all.filter(({ fileName }) => notebook.cell(fileName) !== undefined);
    });
  };
  return {
    findReferences(file, position) {
      const [symbol, ...others] = find(file, position) ?? [];
      if (symbol === undefined) return undefined;
      const more = cellsUsing(file, (language) =>
        language.findReferences(file, position)?.flatMap(({ references }) => references),
      );
      return [{ ...symbol, references: [...symbol.references, ...more] }, ...others];
    },
    findRenameLocations(file, position, strings, comments, preferences) {
      const found = rename(file, position, strings, comments, preferences);
      if (found === undefined) return undefined;
      const more = cellsUsing(file, (language: Renaming) =>
        language.findRenameLocations(file, position, strings, comments, withoutAliases(preferences)),
      );
      return [...found, ...more];
    },
  };
}
