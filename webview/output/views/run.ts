/** A run of `train`: its curves and pictures as the panel has them, followed while it trains, with its controls. */
import * as l10n from '@vscode/l10n';
import { html, nothing, render, type TemplateResult } from 'lit-html';
import { assertNever, type LabErrorData } from '../../../src/protocol/errors';
import type { RunDisplay } from '../../../src/protocol/display';
import type { OutputToHost, RunMessage } from '../../../src/protocol/output';
import type { PanelRun } from '../../../src/protocol/panel';
import type { Picture, PictureKind } from '../../../src/protocol/pictures';
import { ACTIVE_STATES, type RunRecord } from '../../../src/protocol/run';
import { count, figure, percent } from '../../../src/words/numbers';
import { endSentence, epochText } from '../../../src/words/runs';
import { duration, timeLeft } from '../../../src/words/times';
import { Curves, hasCurves, type CurvesLook } from '../../kit/charts/curves';
import { Ingest } from '../../kit/data/ingest';
import { RunSeries } from '../../kit/data/series';
import { LearningRate } from '../../kit/controls/learningRate';
import { block } from '../../kit/dom/block';
import { cssVariables } from '../../kit/dom/directives';
import { Frames } from '../../kit/dom/frame';
import { PICTURE_KINDS, PICTURES, type Ask, type PictureView } from '../../kit/pictures';
import { stateLook } from '../../kit/text/states';
import type { Theme } from '../../kit/theme/theme';
import { columnsOf } from '../floats';
import type { OutputHost, OutputView } from '../view';

/** Milliseconds of a frame that may go into taking points in. */
const POINTS_BUDGET = 6;
const LOOK: CurvesLook = { axis: 'step', smoothing: 0.9, logLoss: false };

type RunAction = Extract<OutputToHost, { readonly type: 'run' }>['action'];

export class RunView implements OutputView<'run'> {
  readonly element = block('stack run');
  readonly #host: OutputHost;
  readonly #curves: Curves;
  readonly #rate: LearningRate;
  readonly #ingest = new Ingest(() => performance.now());
  readonly #frames: Frames;
  readonly #pictures = new Map<PictureKind, Picture>();
  readonly #refusals = new Map<PictureKind, LabErrorData>();
  readonly #views = new Map<PictureKind, PictureView<PictureKind>>();
  #series = new RunSeries();
  #received = 0;
  #display: RunDisplay | undefined;
  #theme: Theme | undefined;
  #run: PanelRun | undefined;
  #activity: Extract<RunMessage, { type: 'activity' }> | undefined;
  #unfollow: (() => void) | undefined;

  constructor(host: OutputHost) {
    this.#host = host;
    this.#curves = new Curves(() => {
      this.#frames.urgent();
    });
    this.#rate = new LearningRate((folder, learningRate) => {
      host.post({ type: 'learningRate', folder, learningRate });
    });
    this.#frames = new Frames({
      points: () => {
        this.#ingest.run(POINTS_BUDGET);
        return this.#ingest.pending;
      },
      draw: () => {
        this.#render();
      },
    });
  }

  readonly #ask: Ask = (settings) => {
    this.#host.post({ type: 'setPicture', folder: this.#display?.folder ?? '', settings });
  };

  draw(display: RunDisplay, theme: Theme): void {
    this.#theme = theme;
    const another = display.folder !== this.#display?.folder;
    this.#display = display;
    if (another) {
      this.#unfollow?.();
      this.#begin(undefined);
      this.#unfollow = this.#host.follow(display.folder, (message) => {
        this.#receive(message);
      });
    }
    this.#render();
  }

  dispose(): void {
    this.#unfollow?.();
    this.#curves.dispose();
    for (const view of this.#views.values()) view.dispose?.();
  }

  #begin(run: PanelRun | undefined): void {
    this.#run = run;
    this.#ingest.drop(this.#series);
    this.#series = new RunSeries();
    this.#received = 0;
    this.#pictures.clear();
    this.#refusals.clear();
    this.#activity = undefined;
  }

  #receive(message: RunMessage): void {
    switch (message.type) {
      case 'show':
        this.#begin(message.run ?? undefined);
        break;
      case 'record':
        if (message.run.record.state !== this.#run?.record.state) this.#activity = undefined;
        this.#run = message.run;
        break;
      case 'points':
        this.#received = Math.max(
          this.#received,
          message.columns.reduce((sum, { length }) => sum + length, message.from),
        );
        this.#ingest.add(this.#series, message.columns.map(columnsOf));
        break;
      case 'picture':
        this.#pictures.set(message.picture.kind, message.picture);
        this.#refusals.delete(message.picture.kind);
        break;
      case 'refused':
        this.#refusals.set(message.picture, message.error);
        break;
      case 'activity':
        this.#activity = message;
        break;
      case 'overlays':
      case 'exercises':
      case 'revealExercise':
      case 'connection':
      case 'error':
        return; // of the panel alone
      default:
        assertNever(message);
    }
    if (this.#run !== undefined && this.#run.record.state !== 'training') this.#frames.urgent();
    else this.#frames.request();
  }

  #render(): void {
    const theme = this.#theme;
    const display = this.#display;
    if (theme === undefined || display === undefined) return;
    const run = this.#run;
    if (run === undefined) {
      render(withoutRecord(display), this.element);
      return;
    }
    const drawn = { run, series: this.#series, received: this.#received };
    const curves = hasCurves(drawn);
    render(
      html`${this.#head(run.record, display)}${curves ? this.#curves.element : nothing}
      ${PICTURE_KINDS.map((kind) => this.#picture(kind))}`,
      this.element,
    );
    if (curves) this.#curves.draw(drawn, [], LOOK, theme);
    for (const [kind, picture] of this.#pictures) {
      const view = this.#views.get(kind);
      if (view?.element.closest('details')?.open === true) view.draw(picture, theme, this.#refusals.get(kind));
    }
  }

  #head(record: RunRecord, { folder, title }: RunDisplay): TemplateResult {
    const { state, progress, config } = record;
    const look = stateLook(state);
    const active = ACTIVE_STATES.has(state);
    const left = progress.secondsLeft;
    const facts = [
      config === undefined ? '' : epochText(record),
      progress.totalSteps === 0 ? '' : l10n.t('step {0}/{1}', count(progress.step), count(progress.totalSteps)),
      state === 'training'
        ? left === null
          ? ''
          : timeLeft(left)
        : progress.seconds > 0
          ? duration(progress.seconds)
          : '',
    ].filter((fact) => fact !== '');
    const act = (action: RunAction, text: string): TemplateResult =>
      html`<button
        class="quiet-button"
        type="button"
        @click=${() => {
          this.#host.post({ type: 'run', folder, action });
        }}
      >
        ${text}
      </button>`;
    const actions = [
      ...(state === 'paused' ? [act('resume', l10n.t('Continue')), act('step', l10n.t('Single Step'))] : []),
      ...(state === 'training' ? [act('pause', l10n.t('Pause'))] : []),
      ...(active ? [act('stop', l10n.t('Stop'))] : []),
      act('open', l10n.t('Open in Panel')),
    ];
    return html`<div class="output-head">
        <p class="run-facts" role="status">
          <span class="dot tone-${look.tone}" aria-hidden="true"></span><strong>${look.text}</strong>
          <span>${title}</span>
          ${facts.map((fact) => html`<span class="number quiet">${fact}</span>`)}
        </p>
        ${this.#host.attended ? html`<div class="run-actions" role="group" aria-label=${l10n.t('Run')}>${actions}</div>` : nothing}
        ${active ? this.#rate.render(folder, record, true) : nothing}
      </div>
      ${active && progress.totalSteps > 0 ? bar(progress.step / progress.totalSteps) : nothing}
      ${this.#activityLine()}${active ? nothing : html`<p class="quiet">${endSentence(record)}</p>`}`;
  }

  #activityLine(): TemplateResult | typeof nothing {
    if (this.#activity === undefined) return nothing;
    const { text, fraction } = this.#activity;
    return html`<p class="quiet">${text} ${fraction === null ? '' : percent(fraction)}</p>`;
  }

  #picture(kind: PictureKind): TemplateResult | typeof nothing {
    if (!this.#pictures.has(kind)) return nothing;
    let view = this.#views.get(kind);
    if (view === undefined) {
      // The list ties each kind to its view; a kind that is only known at run time cannot express it.
      view = PICTURES[kind].create(this.#host.attended ? this.#ask : undefined) as PictureView<PictureKind>;
      this.#views.set(kind, view);
    }
    const toggled = (): void => {
      this.#frames.urgent();
    };
    return html`<details class="inside" ?open=${PICTURES[kind].forming === true} @toggle=${toggled}>
      <summary>${PICTURES[kind].title()}</summary>
      ${view.element}
    </details>`;
  }
}

function bar(share: number): TemplateResult {
  return html`<div
    class="bar"
    role="progressbar"
    aria-label=${l10n.t('Progress of the run')}
    aria-valuemin="0"
    aria-valuemax="100"
    aria-valuenow=${Math.round(share * 100)}
  >
    <div class="bar-fill" ${cssVariables({ '--share': String(share) })}></div>
  </div>`;
}

/** Before the window has answered, and where nobody does. */
function withoutRecord({ title, epochs, latest }: RunDisplay): TemplateResult {
  const values = Object.entries(latest ?? {}).map(([name, value]) => `${name} ${figure(value)}`);
  return html`<p>
    <strong>${title}</strong> <span class="number">${l10n.t('{0} epochs', count(epochs))}</span>
    <span class="number quiet">${values.join('  ')}</span>
  </p>`;
}
