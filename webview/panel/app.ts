/** Puts the page together: messages change the store, frames draw what changed. */
import * as l10n from '@vscode/l10n';
import { render } from 'lit-html';
import type { HostToPanel } from '../../src/protocol/panel';
import { chartsImage } from '../kit/charts/image';
import { mount } from '../kit/mount';
import { PICTURE_KINDS, PICTURES } from '../kit/pictures';
import { Frames } from '../kit/dom/frame';
import { hostMessages, receive } from './messages';
import { Choices } from './state';
import { PanelStore } from './store';
import { announcer } from './views/announcer';
import { ChartsView } from './views/charts';
import { Compare } from './views/compare';
import { Controls } from './views/controls';
import { details } from './views/details';
import { emptyState } from './views/empty';
import { ExerciseCards } from './views/exercises';
import { header } from './views/header';
import { activity, connectionBanner, errorCard } from './views/notices';
import { PictureSection } from './views/pictures';
import { result } from './views/result';
import type { Scene, View } from './views/view';
import { vscode, type Post } from './vscodeApi';

/** Milliseconds of a frame that may go into taking points in. */
const POINTS_BUDGET = 6;

export function startApp(root: HTMLElement): void {
  const post: Post = (message) => {
    vscode.postMessage(message);
  };
  const redraw = (): void => {
    frames.urgent();
  };
  const store = new PanelStore(() => performance.now());
  const choices = new Choices(vscode.getState(), (state) => {
    vscode.setState(state);
    redraw();
  });
  const main = document.createElement('main');
  main.ariaLabel = l10n.t('Live run');
  root.replaceChildren(main);
  const kit = mount(main, redraw);

  const exports = {
    png: () => {
      const record = store.foreground?.run.record;
      if (record === undefined) return;
      const base64 = chartsImage(store.lesson?.title ?? record.title, charts.charts, kit.theme);
      post({ type: 'export', format: 'png', name: `${record.id}.png`, base64 });
    },
    csv: () => {
      const key = store.foreground?.run.key;
      if (key !== undefined) post({ type: 'export', format: 'csv', key });
    },
  };
  const charts = new ChartsView(redraw);
  // What is seen to form while it trains stands above the curves.
  const pictures = (forming: boolean): View[] =>
    PICTURE_KINDS.filter((kind) => (PICTURES[kind].forming ?? false) === forming).map(
      (kind) => new PictureSection(kind, post),
    );
  const views: readonly View[] = [
    announcer,
    emptyState(post),
    connectionBanner(post),
    header,
    new Controls(post, exports),
    activity,
    errorCard(post),
    result(post),
    ...pictures(true),
    charts,
    new Compare(post),
    new ExerciseCards(post),
    ...pictures(false),
    details,
  ];
  const draw = (): void => {
    const scene: Scene = { store, choices, theme: kit.theme };
    render(
      views.map((view) => view.render(scene)),
      main,
    );
    for (const view of views) view.drawn?.(scene);
  };

  const frames = new Frames({
    points: () => {
      store.ingest.run(POINTS_BUDGET);
      return store.ingest.pending;
    },
    draw,
  });
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    const messages = hostMessages(event.data);
    if (messages.length === 0) return;
    for (const message of messages) receive(message, store, post);
    if (messages.some(isAnswer)) frames.urgent();
    else frames.request();
  });
  post({ type: 'ready' });
}

/** News of a training waits for its turn; a pause, a single step and the end are answers to what the user did. */
const isAnswer = (message: HostToPanel): boolean =>
  message.type === 'refused' || (message.type === 'record' && message.run.record.state !== 'training');
