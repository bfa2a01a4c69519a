/**
 * What cells of a notebook call. Model files may import the same; the functions work wherever a cell runs them, and say so
 * elsewhere.
 */
import type * as tf from '@tensorflow/tfjs';
import type { Metrics } from '../../protocol/run';
import type { Dataset } from '../dataset';
import type { Batch, Experiment } from '../experiment';
import type { ControlFunctions } from './controls';
import { outsideOfCell } from './outside';
import type { Figure, PlotData, PlotOptions } from './plot';

export { display } from './display';
export type * from './controls';
export type * from './plot';

export interface TrainOptions {
  /** In place of those of the experiment. */
  readonly epochs?: number;
  /** False: operation by operation, for comparison and for a search for errors. Default true. */
  readonly compile?: boolean;
}

/** A training that has ended. Its weights stay in memory for as long as it is used. */
export interface TrainedRun {
  /** Name of its folder, as in the Runs view. */
  readonly id: string;
  readonly title: string;
  /** 'finished', or 'stopped' before its end. */
  readonly state: 'finished' | 'stopped';
  readonly epochs: number;
  readonly seconds: number;
  /** The values of each epoch by series: { loss, accuracy, val_loss, val_accuracy, … }. */
  readonly history: Readonly<Record<string, readonly number[]>>;
  /** The model itself, where it is one of layers; it belongs to the run and must not be disposed. */
  readonly model?: tf.LayersModel;
  /** All weights by name, as the panel shows them. They belong to the run and must not be disposed. */
  readonly weights: Readonly<Record<string, tf.Tensor>>;
}

/**
 * Examples of a data set as tensors: x [count, ...inputShape], y [count, ...targetShape]; of several inputs or targets, by
 * name: `Examples<Record<string, tf.Tensor>>`.
 */
export interface Examples<X extends Batch = tf.Tensor, Y extends Batch = tf.Tensor> {
  readonly x: X;
  readonly y: Y;
}

/** What `layers` shows; also by name, for further use. */
export interface LayerValues {
  readonly layers: readonly {
    readonly name: string;
    /** Output of the layer, [batch, …]. */
    readonly activation: tf.Tensor;
    /** Of the loss with respect to that output; absent without a target. */
    readonly gradient?: tf.Tensor;
  }[];
}

export interface CellFunctions {
  /**
   * Trains an experiment as a run with a history, in the Runs view like any other, its curves live under the cell.
   *
   *   const run = await train(model, { epochs: 5 });
   *
   * @returns when it has ended. A training that was stopped has what it learned so far.
   * @throws LabError what is wrong with the experiment, or went wrong in the training; TRAINER_BUSY while another trains
   */
  train(experiment: Experiment, options?: TrainOptions): Promise<TrainedRun>;
  /**
   * Loss and metrics over a whole split, in inference mode: { loss, accuracy, … }.
   *
   * @param split Default 'test'.
   */
  evaluate(run: TrainedRun, split?: 'train' | 'test'): Promise<Metrics>;
  /**
   * The output of a trained model, in inference mode.
   *
   * @param x [batch, ...inputShape]; of several inputs, all by name.
   * @returns [batch, …]; of several outputs, all by name: `predict<Record<string, tf.Tensor>>(run, x)`
   */
  predict<Y extends Batch = tf.Tensor>(run: TrainedRun | tf.LayersModel, x: Batch): NoInfer<Y>;
  /** Shows values under the cell, in the order in which they are given; the last expression of a cell is shown by itself. */
  show(...values: readonly unknown[]): Promise<void>;
  /** Lines, points, bars or a histogram of numbers. It is shown where it is the last expression of a cell, or by `show`. */
  plot(data: PlotData, options?: PlotOptions): Figure;
  /**
   * What goes through each layer of a model for one batch, and, given a target, the gradient that comes back.
   *
   * @param model A trained run, or a model of layers, for which there are no gradients.
   * @param x [batch, ...inputShape]
   * @param y [batch, ...targetShape]
   */
  layers(model: TrainedRun | tf.LayersModel, x: tf.Tensor, y?: tf.Tensor): LayerValues;
  /**
   * Examples of a data set as tensors.
   *
   * @param options `split`, default 'test'; `from`, the first row, default 0; `count`, default 8.
   */
  examples<X extends Batch = tf.Tensor, Y extends Batch = tf.Tensor>(
    data: Dataset,
    options?: { readonly split?: 'train' | 'test'; readonly from?: number; readonly count?: number },
  ): Promise<Examples<NoInfer<X>, NoInfer<Y>>>;
  /** Controls under the cell: when one is moved, the cells that use its name run again. */
  readonly input: ControlFunctions;
}

let served: CellFunctions | undefined;

/** Called once by the process that runs cells. */
export function serveCells(functions: CellFunctions): void {
  served = functions;
}

function of<K extends keyof CellFunctions>(name: K): CellFunctions[K] {
  if (served === undefined) throw outsideOfCell(name);
  return served[name];
}

export const train: CellFunctions['train'] = async (...given) => of('train')(...given);
export const evaluate: CellFunctions['evaluate'] = async (...given) => of('evaluate')(...given);
export const predict = ((...given) => of('predict')(...given)) as CellFunctions['predict'];
export const show: CellFunctions['show'] = async (...given) => of('show')(...given);
export const plot: CellFunctions['plot'] = (...given) => of('plot')(...given);
export const layers: CellFunctions['layers'] = (...given) => of('layers')(...given);
export const examples = (async (...given) => of('examples')(...given)) as CellFunctions['examples'];
export const input: ControlFunctions = {
  slider: (...given) => of('input').slider(...given),
  choice: (...given) => of('input').choice(...given),
  text: (...given) => of('input').text(...given),
  drawing: (...given) => of('input').drawing(...given),
};
