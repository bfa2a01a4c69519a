/**
 * Every identifier that package.json declares and the code uses, once. Free of `vscode`, so that a unit test can hold
 * the manifest against it.
 */

import type { EngineChoice } from '../../protocol/launch';
import { exercise, file, lesson, nothing, run, runs, value } from './subjects';

export const EXTENSION_ID = 'deep-learning-lab.deep-learning-lab';
export const PREFIX = 'deepLearningLab';

/** Every command and what it is about. */
export const COMMANDS = {
  'deepLearningLab.runLesson': lesson,
  'deepLearningLab.runModelFile': file,
  'deepLearningLab.chat': lesson,
  'deepLearningLab.stop': run,
  'deepLearningLab.pause': run,
  'deepLearningLab.resume': run,
  'deepLearningLab.step': run,
  'deepLearningLab.openPanel': file,
  'deepLearningLab.openLesson': lesson,
  'deepLearningLab.openLessonModel': lesson,
  'deepLearningLab.resetLesson': lesson,
  'deepLearningLab.refreshLessons': nothing,
  'deepLearningLab.newExperiment': file,
  'deepLearningLab.newNotebook': nothing,
  'deepLearningLab.exportNotebook': file,
  'deepLearningLab.restartKernel': file,
  'deepLearningLab.showValue': value,
  'deepLearningLab.openRun': run,
  'deepLearningLab.compareRuns': runs,
  'deepLearningLab.compareWithLastRun': file,
  'deepLearningLab.trustRuns': runs,
  'deepLearningLab.pinRuns': runs,
  'deepLearningLab.unpinRuns': runs,
  'deepLearningLab.deleteRuns': runs,
  'deepLearningLab.exportCsv': run,
  'deepLearningLab.exportTensorBoard': run,
  'deepLearningLab.resumeFromCheckpoint': run,
  'deepLearningLab.revealRun': run,
  'deepLearningLab.refreshRuns': nothing,
  'deepLearningLab.checkExercise': exercise,
  'deepLearningLab.checkExercises': lesson,
  'deepLearningLab.showChecks': exercise,
  'deepLearningLab.openExercise': exercise,
  'deepLearningLab.openTask': exercise,
  'deepLearningLab.showHint': exercise,
  'deepLearningLab.showSolution': exercise,
  'deepLearningLab.resetExercise': exercise,
  'deepLearningLab.exportProgress': nothing,
  'deepLearningLab.resetProgress': nothing,
  'deepLearningLab.prepareEngine': nothing,
  'deepLearningLab.prepareGpuEngine': nothing,
  'deepLearningLab.getLanguageModel': nothing,
  'deepLearningLab.checkSetup': nothing,
  'deepLearningLab.copySetup': file,
  'deepLearningLab.diskSpace': nothing,
  'deepLearningLab.showLog': nothing,
} as const;
export type CommandId = keyof typeof COMMANDS;

/** Of the run that Stop, Pause, Resume and Step would act on. */
export type RunPhase = 'none' | 'preparing' | 'training' | 'paused';

/** Of the notebook in sight: there is none, it has had no kernel, it has one, its kernel has ended. */
export type KernelState = 'none' | 'absent' | 'alive' | 'ended';

/** What `when` clauses may ask, with the value before anything is known. */
export const CONTEXTS = {
  /** RunPhase. */
  'deepLearningLab.run': 'none' as RunPhase,
  /** KernelState. */
  'deepLearningLab.kernel': 'none' as KernelState,
  /** The active editor shows a model file. */
  'deepLearningLab.modelFile': false,
  /** The active editor shows a file or notebook of a lesson's working copy. */
  'deepLearningLab.workingCopy': false,
  /** The views have been filled: that they are empty is not for want of reading. */
  'deepLearningLab.lessonsRead': false,
  'deepLearningLab.runsRead': false,
};
export type Contexts = typeof CONTEXTS;

type OnClose = 'continue' | 'stop';

/** The settings with their defaults. */
export const SETTINGS = {
  /** Where working copies and runs are kept; empty: `deep-learning-lab` in the workspace or the home folder. */
  'deepLearningLab.folder': '',
  /** A local folder with data sets, searched before the cache and the network. */
  'deepLearningLab.data.directory': '',
  /** What a training does when the last window is closed. */
  'deepLearningLab.training.onClose': 'continue' as OnClose,
  /** What computes: see `EngineChoice`. */
  'deepLearningLab.engine': 'auto' as EngineChoice,
  /** Megabytes; 0: four fifths of the machine's memory. */
  'deepLearningLab.trainer.memoryLimit': 0,
  /** How many threads compute; 0: one a processor. */
  'deepLearningLab.trainer.threads': 0,
  /** Seconds between asking a training to stop and ending its process. */
  'deepLearningLab.stop.graceSeconds': 5,
  /** How many runs of a lab folder are kept; 0: all. */
  'deepLearningLab.runs.keep': 100,
  /** Gigabytes that they may take together; 0: any. */
  'deepLearningLab.runs.maxDisk': 5,
  /** Build the models of visible model files, for shapes, sizes and problems in the editor. */
  'deepLearningLab.modelFiles.inspect': true,
};
export type Settings = typeof SETTINGS;

export const VIEW_CONTAINER = 'deepLearningLab';
export const LESSONS_VIEW = 'deepLearningLab.lessons';
export const RUNS_VIEW = 'deepLearningLab.runs';
export const VARIABLES_VIEW = 'deepLearningLab.variables';
export const PANEL_VIEW_TYPE = 'deepLearningLab.panel';
export const VALUE_VIEW_TYPE = 'deepLearningLab.value';
/** Of the document that Check Set-up writes. */
export const SETUP_SCHEME = 'deep-learning-lab-setup';
/** Draws the outputs of cells. */
export const OUTPUT_RENDERER = 'deep-learning-lab.output';
export const WALKTHROUGH = 'getStarted';
/** Of notebooks `*.lab.md`. */
export const NOTEBOOK_TYPE = 'deep-learning-lab';
/** The exercises in the Test Explorer. */
export const TEST_CONTROLLER = 'deepLearningLab.exercises';

/** Words in a tree item's `contextValue`, asked by `viewItem =~ /\bword\b/`. */
export const ITEM_WORDS = [
  'lesson',
  'started',
  'run',
  'active',
  'training',
  'paused',
  'ended',
  'checkpoints',
  'foreign',
  'pinned',
  'unpinned',
  'deletable',
] as const;
export type ItemWord = (typeof ITEM_WORDS)[number];

/** Set by `npm start -- --lesson ID`: this lesson is run once at the start. */
export const RUN_ON_START = 'DEEP_LEARNING_LAB_RUN';
