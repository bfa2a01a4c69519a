import { performance } from 'node:perf_hooks';
import * as vscode from 'vscode';
import { createApp } from './host/app/app';
import { registerCommands } from './host/app/register';
import { configureTexts } from './host/app/texts';
import { ModelDiagnostics } from './host/diagnostics/modelDiagnostics';
import { followActiveEditor } from './host/training/activeEditor';
import { offerFasterEngine } from './host/engine/offer';
import { getLanguageModel, prepareEngine, prepareGpuEngine } from './host/engine/prepare';
import { experimentCommands } from './host/experiments/newExperiment';
import { showExercises } from './host/exercises/register';
import { chatCommands } from './host/lessons/chat';
import { lessonCommands } from './host/lessons/commands';
import { LessonLibrary } from './host/state/library';
import { LessonStates } from './host/lessons/states';
import { registerLessonsView } from './host/lessons/tree';
import { modelFileCommands } from './host/modelFiles/commands';
import { showModelFiles } from './host/modelFiles/register';
import { diskCommands, tidyAfterStart } from './host/machine/diskSpace';
import { setupCommands } from './host/machine/report';
import { notebookCommands } from './host/notebook/commands';
import { Kernels } from './host/notebook/kernels';
import { registerNotebooks } from './host/notebook/register';
import { ValuePanel } from './host/notebook/variables/valuePanel';
import { LabPanel } from './host/panel/panel';
import { keepRunsBounded } from './host/runs/bounds';
import { runCommands } from './host/runs/commands';
import { RunHistory } from './host/state/history';
import { registerRunsView } from './host/runs/tree';
import { afterStart } from './host/startup/afterStart';
import { LearnerProgress } from './host/state/progress';
import { Workers } from './host/state/workers';
import { showInStatusBar } from './host/status/statusBar';
import { controlCommands } from './host/training/commands';
import { ExerciseCatalogue } from './host/state/exercises';
import { Glance } from './host/state/glance';
import { Launcher } from './host/training/launcher';
import { showOutput } from './host/training/output';
import { TrainerPool } from './host/state/pool';
import { watchPresence } from './host/training/presence';
import { reportRunEnds } from './host/training/reporter';

export function activate(context: vscode.ExtensionContext): void {
  const started = performance.now();
  configureTexts();
  const app = createApp(context);
  try {
    const pool = app.lifetime.add(new TrainerPool(app));
    const workers = app.lifetime.add(new Workers(app));
    const glance = app.lifetime.add(new Glance(pool));
    const history = new RunHistory(app, pool);
    const library = new LessonLibrary(app, history);
    const catalogue = new ExerciseCatalogue(app, library);
    const progress = new LearnerProgress(app);

    const diagnostics = app.lifetime.add(new ModelDiagnostics());
    const stage = new LabPanel(app, pool, history, library);
    const kernels = new Kernels(app, pool);
    const launcher = new Launcher(app, pool, stage, history);
    const states = new LessonStates({ app, library, history, catalogue, progress });
    const exercises = showExercises({ app, library, catalogue, progress, workers, stage });
    registerCommands(
      {
        ...lessonCommands({ app, library, states, stage, launcher, diagnostics }),
        ...chatCommands({ app, pool, library, states, stage, launcher }),
        ...controlCommands(app, pool, history, launcher),
        ...runCommands({ app, history, pool, stage, launcher, library }),
        ...modelFileCommands(history, stage),
        ...exercises.commands,
        ...notebookCommands({ app, kernels, values: app.lifetime.add(new ValuePanel(app, pool, kernels)) }),
        ...experimentCommands(app, workers),
        'deepLearningLab.prepareEngine': () => prepareEngine(app),
        'deepLearningLab.prepareGpuEngine': () => prepareGpuEngine(app),
        'deepLearningLab.getLanguageModel': () => getLanguageModel(app),
        ...setupCommands(app),
        ...diskCommands(app),
        'deepLearningLab.showLog': () => {
          app.log.show();
        },
      },
      app.errors,
      app.lifetime,
    );
    registerNotebooks(app, pool, kernels);
    registerLessonsView(app, library, states);
    registerRunsView(app, history, library);
    const lenses = showModelFiles({ app, pool, glance, workers, history, diagnostics });
    app.lifetime.add(lenses.add(exercises.lenses));
    showInStatusBar({ app, pool, glance, library, states });
    showOutput(app, pool);
    reportRunEnds(app, pool, stage, diagnostics);
    offerFasterEngine(app, pool);
    watchPresence(app, pool);
    followActiveEditor(app, pool);
    tidyAfterStart(app);
    keepRunsBounded(app, { pool, stage, history });
    afterStart(app, pool, history);
    app.log.info(`Activated in ${(performance.now() - started).toFixed(1)} ms.`);
  } catch (error) {
    app.errors.show(error);
    throw error;
  }
}
