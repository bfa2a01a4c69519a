import * as vscode from 'vscode';
import { isMadeHere } from '../../files/seal';
import { readRun, type StoredRun } from '../../runFolder/runs';
import { toErrorData } from '../../protocol/errors';
import type { Lesson } from '../../protocol/lesson';
import type { ExerciseCard, HostToPanel, PanelLesson, PanelToHost } from '../../protocol/panel';
import type { RunRecord } from '../../protocol/run';
import type { App } from '../app/app';
import { PANEL_VIEW_TYPE } from '../app/manifest';
import { fillPage } from '../app/page';
import type { LessonLibrary } from '../state/library';
import type { RunHistory } from '../state/history';
import { projectOf } from '../state/options';
import type { TrainerPool } from '../state/pool';
import type { Stage } from '../state/stage';
import type { Session } from '../state/session';
import { RunFeed } from '../state/feed';
import { isOfOtherVersion } from '../state/silent';
import { handleMessage } from './messages';
import { Overlays } from './overlays';

/** Which run the panel showed, so that it can again after a reload. */
const SHOWN_RUN = 'panel.run';
/** The lesson that it was about, where it showed no run. */
const SHOWN_LESSON = 'panel.lesson';

/** The live panel: one a window, showing one run in the foreground. It may be closed, hidden or reloaded at any time. */
export class LabPanel implements Stage {
  private panel: vscode.WebviewPanel | undefined;
  private pageReady = false;
  private folder: string | undefined;
  /** What the panel is about where it shows no run. */
  private lesson: Lesson | undefined;
  private feed: RunFeed | undefined;
  private readonly overlays: Overlays;
  private lastConnection: string | undefined;
  /** Folders of runs that another version of the lab trains: they are read from disk. */
  private readonly others = new Set<string>();
  /** The exercise whose card comes into view with the next cards. */
  private revealing: string | undefined;
  private readonly shownChanged = new vscode.EventEmitter<void>();
  readonly onDidChangeShown = this.shownChanged.event;
  private cards: (lesson: string) => Promise<readonly ExerciseCard[]> = () => Promise.resolve([]);

  constructor(
    private readonly app: App,
    private readonly pool: TrainerPool,
    history: RunHistory,
    private readonly library: LessonLibrary,
  ) {
    this.overlays = new Overlays(history, (message) => this.post(message));
    app.lifetime.add(
      pool.onDidChange((session) => {
        this.sessionChanged(session);
      }),
    );
    app.lifetime.add(
      history.onDidChange((run) => {
        // A run came or went, or one that can be laid over has changed its state.
        if (run === undefined) this.guard(this.sendOverlays());
        this.guard(this.lookAtDisk(run));
      }),
    );
    app.lifetime.add(
      vscode.window.registerWebviewPanelSerializer(PANEL_VIEW_TYPE, {
        deserializeWebviewPanel: async (panel) => {
          this.folder = app.workspaceMemory.get<string>(SHOWN_RUN);
          const lesson = app.workspaceMemory.get<string>(SHOWN_LESSON);
          // A lesson may be gone after an update: then the panel is as if just opened.
          if (lesson !== undefined) this.lesson = await library.byId(lesson).catch(() => undefined);
          this.adopt(panel);
        },
      }),
    );
    app.lifetime.add({ dispose: () => this.feed?.dispose() });
    app.lifetime.add(this.shownChanged);
  }

  /** The run is in the foreground and can be seen. */
  shows(folder: string): boolean {
    return this.panel?.visible === true && this.folder === folder;
  }

  /** Opens the panel beside the editor; the cursor stays where it is. */
  open(): void {
    if (this.panel !== undefined) {
      this.panel.reveal(undefined, true);
      return;
    }
    const panel = vscode.window.createWebviewPanel(
      PANEL_VIEW_TYPE,
      vscode.l10n.t('Lab'),
      { viewColumn: vscode.ViewColumn.Two, preserveFocus: true },
      { enableScripts: true, retainContextWhenHidden: true },
    );
    this.adopt(panel);
  }

  /** A run of this title is about to start. Until it has a folder, the panel shows the lesson where it shows no run. */
  async announce(title: string, lesson: string | undefined): Promise<void> {
    this.open();
    await this.makeRoomForCode();
    const known = lesson === undefined ? undefined : this.library.known(lesson);
    if (this.folder === undefined && known !== undefined && known.id !== this.lesson?.id) {
      this.lesson = known;
      if (this.pageReady) this.startFeed();
    }
    this.entitle(title);
    void this.post({ type: 'connection', state: 'starting' });
  }

  /** A panel that was opened alone has taken the place of the code; from where it covers the model file it moves beside. */
  private async makeRoomForCode(): Promise<void> {
    const code = vscode.window.activeTextEditor;
    if (code?.viewColumn === undefined || this.panel?.viewColumn !== code.viewColumn) return;
    this.panel.reveal(vscode.ViewColumn.Beside, false);
    // An editor that moves becomes a preview, which the next one would take the place of.
    await vscode.commands.executeCommand('workbench.action.keepEditor');
    await vscode.window.showTextDocument(code.document, code.viewColumn);
  }

  /** It did not start. */
  withdraw(error: unknown): void {
    const data = toErrorData(error);
    this.sendConnection();
    if (data.code !== 'CANCELLED') this.post({ type: 'error', error: data });
  }

  /** Brings a run into the foreground. */
  async show(folder: string, overlays?: readonly string[]): Promise<void> {
    this.open();
    this.folder = folder;
    if (overlays !== undefined) this.overlays.choose(overlays.filter((key) => key !== folder));
    await this.app.workspaceMemory.update(SHOWN_RUN, folder);
    await this.app.workspaceMemory.update(SHOWN_LESSON, undefined);
    this.shownChanged.fire();
    if (!this.pageReady) return;
    // A page that has the run already keeps its points, and where its reader is.
    if (this.feed?.folder === folder && this.feed.record !== undefined) await this.sendOverlays();
    else this.startFeed();
  }

  /** Shows what can be seen of a lesson without a run: what it is about, and its exercises. */
  async showLesson(lesson: Lesson): Promise<void> {
    this.open();
    this.folder = undefined;
    this.lesson = lesson;
    this.entitle(lesson.title);
    await this.app.workspaceMemory.update(SHOWN_RUN, undefined);
    await this.app.workspaceMemory.update(SHOWN_LESSON, lesson.id);
    this.shownChanged.fire();
    if (this.pageReady) this.startFeed();
  }

  /** Lays one more run over the one in the foreground. */
  async overlay(folder: string): Promise<void> {
    if (this.folder === undefined) return;
    this.open();
    this.overlays.choose([folder, ...this.overlays.keys]);
    this.shownChanged.fire();
    await this.sendOverlays();
  }

  /** Shows the exercises of the lesson in the foreground. Call again with each change. */
  async showExercises(cards: (lesson: string) => Promise<readonly ExerciseCard[]>): Promise<void> {
    this.cards = cards;
    await this.sendExercises();
  }

  revealExercise(exercise: string): void {
    this.open();
    this.revealing = exercise;
    this.guard(this.sendExercises());
  }

  /** These runs are gone. */
  async forget(folders: readonly string[]): Promise<void> {
    if (this.folder === undefined || !folders.includes(this.folder)) return;
    this.folder = undefined;
    await this.app.workspaceMemory.update(SHOWN_RUN, undefined);
    this.shownChanged.fire();
    if (this.pageReady) this.startFeed();
  }

  /** A panel that VS Code has not opened again yet will show what it showed. */
  get inPanel(): readonly string[] {
    const foreground = this.folder ?? this.app.workspaceMemory.get<string>(SHOWN_RUN);
    return [...(foreground === undefined ? [] : [foreground]), ...this.overlays.keys];
  }

  /** Folder of the run in the foreground. */
  get shown(): string | undefined {
    return this.panel === undefined ? undefined : this.folder;
  }

  /** Id of the lesson that the panel is about. */
  get lessonShown(): string | undefined {
    if (this.panel === undefined) return undefined;
    return this.folder === undefined ? this.lesson?.id : this.feed?.record?.lesson;
  }

  private adopt(panel: vscode.WebviewPanel): void {
    this.panel = panel;
    this.pageReady = false;
    panel.webview.onDidReceiveMessage((message: PanelToHost) => {
      this.guard(this.received(message));
    });
    panel.onDidDispose(() => {
      if (this.panel !== panel) return;
      this.panel = undefined;
      this.pageReady = false;
      this.feed?.dispose();
      this.feed = undefined;
    });
    fillPage(this.app, panel, 'panel');
  }

  private async received(message: PanelToHost): Promise<void> {
    const subject = { folder: this.folder, record: this.feed?.record, lesson: this.lesson };
    await handleMessage(this.app, this.pool, message, subject, {
      ready: () => {
        this.pageReady = true;
        this.overlays.pageLoaded();
        this.startFeed();
      },
      setOverlays: async (keys) => {
        this.overlays.choose(keys);
        this.shownChanged.fire();
        await this.sendOverlays();
      },
      post: (message) => {
        void this.panel?.webview.postMessage(message);
      },
    });
  }

  private startFeed(): void {
    this.feed?.dispose();
    this.feed = undefined;
    const { folder } = this;
    if (folder === undefined) {
      void this.post({ type: 'show', run: null, lesson: this.lesson === undefined ? null : panelLesson(this.lesson) });
      this.guard(this.sendExercises());
      return;
    }
    const feed = new RunFeed(
      folder,
      // As one message: what comes apart may be drawn apart.
      (messages) =>
        this.pageReady ? (this.panel?.webview.postMessage(messages) ?? Promise.resolve()) : Promise.resolve(),
      (record) => {
        this.begun(folder, record);
      },
    );
    this.feed = feed;
    feed.follow(this.pool.ofRun(folder)?.trainer).catch((error: unknown) => {
      if (this.feed !== feed) return;
      void this.post({ type: 'show', run: null, lesson: null });
      void this.post({ type: 'error', error: toErrorData(error) });
      this.app.errors.write(toErrorData(error));
    });
  }

  /** The first thing that is known of the run in the foreground. */
  private begun(folder: string, record: RunRecord): void {
    this.entitle(this.library.headingOf(record));
    void this.post({ type: 'show', run: { key: folder, record }, lesson: this.lessonOf(record) });
    this.sendConnection();
    this.guard(this.sendOverlays());
    this.guard(this.sendExercises());
    const project = projectOf(this.app, record.modelFile);
    if (this.pool.ofRun(folder) !== undefined) this.pool.focus(project);
    // After a reload nobody may have attached yet; the trainer of a run that has ended may still have its model.
    else if (vscode.workspace.isTrusted && (this.feed?.isActive() === true || isMadeHere(folder))) {
      this.pool.attach(project).catch((error: unknown) => {
        if (isOfOtherVersion(error)) {
          this.others.add(folder);
          this.sendConnection();
        }
        // The start of the window tells the user.
        this.app.errors.write(toErrorData(error));
      });
    }
  }

  private entitle(title: string): void {
    const wanted = vscode.l10n.t('Lab: {0}', title);
    if (this.panel !== undefined && this.panel.title !== wanted) this.panel.title = wanted;
  }

  private lessonOf(record: RunRecord): PanelLesson | null {
    const lesson = record.lesson === undefined ? undefined : this.library.known(record.lesson);
    return lesson === undefined ? null : panelLesson(lesson);
  }

  private sessionChanged(session: Session): void {
    const { feed } = this;
    const { run } = session;
    if (feed === undefined || run?.folder !== feed.folder) return;
    const attached = this.pool.ofRun(feed.folder);
    const wasActive = feed.isActive();
    if (attached !== undefined) this.guard(feed.follow(attached.trainer));
    else if (wasActive) this.guard(feed.follow(undefined));
    feed.takeRecord(run.record);
    this.entitle(this.library.headingOf(run.record));
    this.sendConnection();
    if (wasActive && !feed.isActive()) this.guard(this.sendOverlays());
  }

  /** How a run goes on that this window has no connection to: another window, or a process that had to be ended. */
  private async lookAtDisk(run: StoredRun | undefined): Promise<void> {
    const { feed } = this;
    if (feed?.isActive() !== true || this.pool.ofRun(feed.folder) !== undefined) return;
    if (run !== undefined && run.folder !== feed.folder) return;
    feed.takeRecord(run?.record ?? (await readRun(feed.folder)));
    await feed.readOn();
    this.sendConnection();
  }

  private sendConnection(): void {
    const lost = this.feed?.isActive() === true && this.pool.ofRun(this.feed.folder) === undefined;
    const isOther = this.feed !== undefined && this.others.has(this.feed.folder);
    void this.post({ type: 'connection', state: !lost ? 'attached' : isOther ? 'other' : 'lost' });
  }

  private async sendExercises(): Promise<void> {
    const { feed, lessonShown } = this;
    if (!this.pageReady || (this.folder !== undefined && feed?.record === undefined)) return;
    const cards = lessonShown === undefined ? [] : await this.cards(lessonShown);
    if (this.feed !== feed || this.lessonShown !== lessonShown) return;
    await this.post({ type: 'exercises', cards });
    const exercise = this.revealing;
    if (exercise === undefined || !cards.some((card) => card.exercise === exercise)) return;
    this.revealing = undefined;
    await this.post({ type: 'revealExercise', exercise });
  }

  private async sendOverlays(): Promise<void> {
    const { feed } = this;
    if (feed?.record === undefined || !this.pageReady) return;
    await this.overlays.send({ folder: feed.folder, record: feed.record });
  }

  private post(message: HostToPanel): PromiseLike<unknown> {
    if (this.panel === undefined || !this.pageReady) return Promise.resolve();
    if (message.type === 'connection') {
      // Said with each change of the run, sent when it is news.
      if (message.state === this.lastConnection) return Promise.resolve();
      this.lastConnection = message.state;
    } else if (message.type === 'show') {
      this.lastConnection = undefined;
      this.overlays.begin();
    }
    return this.panel.webview.postMessage(message);
  }

  private guard(work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      this.app.errors.show(error);
    });
  }
}

const panelLesson = ({ id, title, summary, hasChat }: Lesson): PanelLesson => ({
  id,
  title,
  summary,
  ...(hasChat ? { hasChat } : {}),
});
