import * as vscode from 'vscode';
import type { Exercise, ExerciseVerdict } from '../../protocol/exercise';
import type { App } from '../app/app';
import { uriOf } from '../app/documents';
import { DIAGNOSTIC_SOURCE } from '../diagnostics/modelDiagnostics';
import type { ExerciseCatalogue } from '../state/exercises';
import type { AnswerHomes } from './homes';
import type { Standings } from './standing';
import { reasonOf } from './texts';

/** After the last key. */
const SHOW_MS = 300;

/** Why a check has failed, underlined at the function it is about, as long as its code is the one that was checked. */
export class CheckReasons {
  private readonly collection = vscode.languages.createDiagnosticCollection('deep-learning-lab-checks');
  private timer: NodeJS.Timeout | undefined;

  constructor(
    app: App,
    catalogue: ExerciseCatalogue,
    private readonly homes: AnswerHomes,
    private readonly standings: Standings,
  ) {
    const soon = (): void => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => {
        this.show().catch((error: unknown) => {
          app.errors.show(error);
        });
      }, SHOW_MS);
    };
    const { lifetime } = app;
    lifetime.add(this.collection);
    lifetime.add(standings.onDidChange(soon));
    lifetime.add(vscode.workspace.onDidOpenTextDocument(soon));
    lifetime.add(
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && catalogue.known(document.uri.fsPath) !== undefined) soon();
      }),
    );
    lifetime.add(
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        this.collection.delete(uri);
      }),
    );
    lifetime.add({
      dispose: () => {
        clearTimeout(this.timer);
      },
    });
  }

  private async show(): Promise<void> {
    const { declarationOf } = await import('../../client/exercises/answer');
    for (const document of vscode.workspace.textDocuments) {
      const exercises = this.homes.in(document);
      if (exercises.length === 0) continue;
      const shown = exercises.flatMap((exercise) => {
        const { progress, running, changed } = this.standings.of(exercise);
        const { last } = progress;
        if (last === undefined || last.passed || changed || running !== undefined) return [];
        const declaration = declarationOf(document.getText(), exercise.name);
        if (declaration === undefined) return [];
        const { start, end } = declaration.nameRange;
        const range = new vscode.Range(start.line - 1, start.column - 1, end.line - 1, end.column - 1);
        return [diagnosticOf(exercise, last, range)];
      });
      this.collection.set(document.uri, shown);
    }
  }
}

function diagnosticOf(exercise: Exercise, { checks, error }: ExerciseVerdict, range: vscode.Range): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(range, reasonOf({ checks, error }), vscode.DiagnosticSeverity.Warning);
  diagnostic.source = DIAGNOSTIC_SOURCE;
  diagnostic.code = exercise.title;
  const thrown = checks.find(({ status }) => status !== 'passed')?.location ?? error?.location;
  if (thrown !== undefined) {
    const place = new vscode.Position(Math.max(0, thrown.line - 1), Math.max(0, thrown.column - 1));
    const location = new vscode.Location(uriOf(thrown.file), place);
    diagnostic.relatedInformation = [
      new vscode.DiagnosticRelatedInformation(location, vscode.l10n.t('here it went wrong')),
    ];
  }
  return diagnostic;
}
