/** The one place that calls acquireVsCodeApi, which a page may do once only. */
import type { PanelToHost } from '../../src/protocol/panel';

interface VsCodeApi {
  postMessage(message: PanelToHost): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

export const vscode: VsCodeApi = acquireVsCodeApi();

export type Post = (message: PanelToHost) => void;
