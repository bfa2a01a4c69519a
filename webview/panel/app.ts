/** Puts the page together: messages change the store, frames draw what changed. */
import * as l10n from '@vscode/l10n';
import { chartsImage } from '../kit/charts/image';
import { h } from '../kit/dom/elements';
import { PICTURE_KINDS, PICTURES } from '../kit/pictures';
import { onThemeChange, publishTheme, readTheme } from '../kit/theme/theme';
import { Frames } from './frame';
import { isHostMessage, receive } from './messages';
import { Choices } from './state';
import { PanelStore } from './store';
import { Announcer } from './views/announcer';
import { createChartOptions } from './views/chartOptions';
import { ChartsView } from './views/charts';
import { Compare } from './views/compare';
import { Controls } from './views/controls';
import { Details } from './views/details';
import { EmptyState } from './views/empty';
import { ExerciseCards } from './views/exercises';
import { Header } from './views/header';
import { ActivityView, ConnectionBanner, ErrorCard } from './views/notices';
import { PictureSection } from './views/pictures';
import { Result } from './views/result';
import type { View } from './views/view';
import { vscode, type Post } from './vscodeApi';

/** Milliseconds of a frame that may go into taking points in. */
const POINTS_BUDGET = 6;

export function startApp(root: HTMLElement): void {
  const post: Post = (message) => {
    vscode.postMessage(message);
  };
  const store = new PanelStore(() => performance.now());
  const choices = new Choices(vscode.getState(), (state) => {
    vscode.setState(state);
  });
  let theme = readTheme();
  publishTheme(theme);

  const redraw = (): void => {
    frames.urgent();
  };
  const exports = {
    png: () => {
      const record = store.foreground?.run.record;
      if (record === undefined) return;
      const base64 = chartsImage(store.lesson?.title ?? record.title, charts.charts, theme);
      post({ type: 'export', format: 'png', name: `${record.id}.png`, base64 });
    },
    csv: () => {
      const key = store.foreground?.run.key;
      if (key !== undefined) post({ type: 'export', format: 'csv', key });
    },
  };
  const charts = new ChartsView(createChartOptions(choices, redraw), redraw);
  // What is seen to form while it trains stands above the curves.
  const pictures = (forming: boolean): View[] =>
    PICTURE_KINDS.filter((kind) => (PICTURES[kind].forming ?? false) === forming).map(
      (kind) => new PictureSection(kind, choices, redraw),
    );
  const views: readonly View[] = [
    new Announcer(),
    new EmptyState(post),
    new ConnectionBanner(post),
    new Header(),
    new Controls(post, exports),
    new ActivityView(),
    new ErrorCard(post),
    new Result(post),
    ...pictures(true),
    charts,
    new Compare(choices, post),
    new ExerciseCards(choices, post),
    ...pictures(false),
    new Details(choices),
  ];
  const main = h('main', { 'aria-label': l10n.t('Live run') }, ...views.map((view) => view.element));
  root.replaceChildren(main);

  const frames = new Frames({
    points: () => {
      store.ingest.run(POINTS_BUDGET);
      return store.ingest.pending;
    },
    draw: () => {
      const scene = { store, choices, theme };
      for (const view of views) view.draw(scene);
    },
  });
  onThemeChange(() => {
    theme = readTheme();
    publishTheme(theme);
    redraw();
  });
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (!isHostMessage(event.data)) return;
    receive(event.data, store, post);
    // News of a training waits for its turn; a pause, a single step and the end are answers to what the user did.
    if (event.data.type === 'record' && event.data.run.record.state !== 'training') frames.urgent();
    else frames.request();
  });
  post({ type: 'ready' });
}
