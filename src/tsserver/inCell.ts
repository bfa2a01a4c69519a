import type ts from 'typescript';
import { cellDiagnostics, cellSuggestions } from './diagnostics';
import type { Place } from './place';

/** A method of the language service, told the place of the cell first. File names are those of the notebook's service. */
type InCell<Method> = Method extends (...args: infer Args) => infer Result
  ? (place: Place, ...args: Args) => Result
  : never;
type Service = Omit<ts.LanguageService, 'findRenameLocations'> & Renaming;
type Answers = { readonly [Name in keyof Service]?: InCell<Service[Name]> };

/** TypeScript's declaration has an older form beside this one. */
export interface Renaming {
  findRenameLocations(
    file: string,
    position: number,
    inStrings: boolean,
    inComments: boolean,
    preferences?: ts.UserPreferences,
  ): readonly ts.RenameLocation[] | undefined;
}

/** Asked of the notebook's service as it is; the answer is only led back out. */
const LED_OUT = [
  'getEncodedSemanticClassifications',
  'getSemanticClassifications',
  'getSignatureHelpItems',
  'getRenameInfo',
  'getDefinitionAtPosition',
  'getDefinitionAndBoundSpan',
  'getTypeDefinitionAtPosition',
  'getImplementationAtPosition',
  'getReferencesAtPosition',
  'getDocumentHighlights',
  'prepareCallHierarchy',
  'provideCallHierarchyIncomingCalls',
  'provideCallHierarchyOutgoingCalls',
  'provideInlayHints',
  'getEditsForRefactor',
  'organizeImports',
] as const satisfies readonly (keyof ts.LanguageService)[];

type Method = (...args: unknown[]) => unknown;

const ledOut = Object.fromEntries(
  LED_OUT.map((name) => [
    name,
    (place: Place, ...args: unknown[]) => place.outward((place.language[name] as Method)(...args)),
  ]),
);

const answers: Answers = {
  // VS Code shows no semantic errors in notebooks, for other services know nothing of the cells above. So they come with those
  // of the syntax.
  getSyntacticDiagnostics: (place) => cellDiagnostics(place) as ts.DiagnosticWithLocation[],
  getSemanticDiagnostics: () => [],
  getSuggestionDiagnostics: (place) => cellSuggestions(place),

  getCompletionsAtPosition(place, file, position, options, formatting) {
    place.notebook.writeIn(place.cell);
    const found = place.language.getCompletionsAtPosition(file, position, place.preferences(options), formatting);
    return found && { ...found, entries: found.entries.map((entry) => place.entry(entry)) };
  },
  getCompletionEntryDetails(place, file, position, name, formatting, source, preferences, data) {
    place.notebook.writeIn(place.cell);
    const options = place.preferences(preferences);
    const found = place.language.getCompletionEntryDetails(file, position, name, formatting, source, options, data);
    return found && place.outward(place.unaliased(name, found));
  },
  getQuickInfoAtPosition(place, ...args) {
    const found = place.language.getQuickInfoAtPosition(...args);
    return found && place.unaliased(place.textOf(found.textSpan), found);
  },

  getCodeFixesAtPosition(place, file, start, end, codes, formatting, preferences) {
    const options = place.preferences(preferences);
    return place.outward(place.language.getCodeFixesAtPosition(file, start, end, codes, formatting, options));
  },
  getCombinedCodeFix(place, scope, fixId, formatting, preferences) {
    return place.outward(place.language.getCombinedCodeFix(scope, fixId, formatting, place.preferences(preferences)));
  },
  // Statements are not moved out of a cell: the cells below would not find them.
  getApplicableRefactors: (place, ...args) =>
    place.language.getApplicableRefactors(...args).filter(({ name }) => !name.startsWith('Move to')),

  findReferences: (place, ...args) => place.references(place.language.findReferences(...args)),
  findRenameLocations(place, file, position, strings, comments, preferences) {
    const language: Renaming = place.language;
    return place.outward(language.findRenameLocations(file, position, strings, comments, withoutAliases(preferences)));
  },
};

/** With an alias, as VS Code asks for by default, the other cells would keep the old name. */
export function withoutAliases(preferences: ts.UserPreferences | undefined): ts.UserPreferences {
  return { ...preferences, providePrefixAndSuffixTextForRename: false };
}

/**
 * What is asked of the meaning of a cell. What is about its text alone (formatting, folding, braces) stays with the server's
 * own service, which has just that.
 */
export const inCell: Answers = {
  ...ledOut,
  ...answers,
  // Not in TypeScript's declarations: errors of a part of a long file. Of a cell there are only those of the whole.
  ...{ getRegionSemanticDiagnostics: () => undefined },
};
