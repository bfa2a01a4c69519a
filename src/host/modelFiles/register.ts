/** What a model file shows in the editor: lenses, shapes and sizes, problems with remedies, its last run. */
import * as vscode from 'vscode';
import type { App } from '../app/app';
import type { ModelDiagnostics } from '../diagnostics/modelDiagnostics';
import type { RunHistory } from '../state/history';
import type { Glance } from '../state/glance';
import type { TrainerPool } from '../state/pool';
import type { Workers } from '../state/workers';
import { ModelActions } from './actions';
import { Analyses } from './analyses';
import { ModelHints } from './hints';
import { ExperimentHover } from './hover';
import { Inspections } from './inspections';
import { LastRuns } from './lastRuns';
import { ModelLenses } from './lenses';
import { ModelProblems } from './problems';

const FILES: vscode.DocumentSelector = [
  { language: 'typescript', scheme: 'file' },
  { language: 'javascript', scheme: 'file' },
];

interface Services {
  readonly app: App;
  readonly pool: TrainerPool;
  readonly glance: Glance;
  readonly workers: Workers;
  readonly history: RunHistory;
  readonly diagnostics: ModelDiagnostics;
}

/** @returns the lenses, for features that add their own */
export function showModelFiles({ app, pool, glance, workers, history, diagnostics }: Services): ModelLenses {
  const { lifetime } = app;
  const analyses = new Analyses();
  const lastRuns = new LastRuns(app, history);
  const inspections = new Inspections(app, workers, analyses);
  const lenses = lifetime.add(new ModelLenses(app, pool, glance, analyses, lastRuns));
  lifetime.add(new ModelProblems(inspections, diagnostics));
  lifetime.add(vscode.languages.registerCodeLensProvider(FILES, lenses));
  lifetime.add(vscode.languages.registerInlayHintsProvider(FILES, lifetime.add(new ModelHints(inspections))));
  lifetime.add(
    vscode.languages.registerCodeActionsProvider(FILES, new ModelActions(inspections), {
      providedCodeActionKinds: ModelActions.kinds,
    }),
  );
  lifetime.add(vscode.languages.registerHoverProvider(FILES, new ExperimentHover(analyses, lastRuns)));
  lastRuns.refresh();
  return lenses;
}
