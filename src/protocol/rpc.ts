/** Types vscode-jsonrpc connections from the tables in trainer.ts, for both ends. */
import type { CancellationToken, MessageConnection } from 'vscode-jsonrpc';
import { ResponseError } from 'vscode-jsonrpc';
import { LabError, toErrorData, type LabErrorData } from './errors';
import type { NotificationName, ParamsOf, RequestName, ResultOf, TrainerNotifications } from './trainer';

/** The code of a JSON-RPC error that carries LabErrorData. */
const LAB_ERROR = -32050;

/** One handler for every request: leaving one out does not compile. */
export type RequestHandlers = {
  readonly [M in RequestName]: (params: ParamsOf<M>, token: CancellationToken) => Promise<ResultOf<M>>;
};

export type NotificationHandlers = { readonly [N in NotificationName]: (params: TrainerNotifications[N]) => void };

export function serve(connection: MessageConnection, handlers: RequestHandlers): void {
  for (const method of Object.keys(handlers) as RequestName[]) {
    // The table ties parameters to handlers; the loop over its names cannot express it.
    const handler = handlers[method] as (params: unknown, token: CancellationToken) => Promise<unknown>;
    connection.onRequest(method, async (params: unknown, token: CancellationToken) => {
      try {
        return await handler(params, token);
      } catch (error) {
        const data = toErrorData(error);
        throw new ResponseError<LabErrorData>(LAB_ERROR, data.message, data);
      }
    });
  }
}

export function listen(connection: MessageConnection, handlers: NotificationHandlers): void {
  for (const name of Object.keys(handlers) as NotificationName[]) {
    connection.onNotification(name, handlers[name] as (params: unknown) => void);
  }
}

export async function request<M extends RequestName>(
  connection: MessageConnection,
  method: M,
  params: ParamsOf<M>,
  token?: CancellationToken,
): Promise<ResultOf<M>> {
  try {
    return token === undefined
      ? await connection.sendRequest<ResultOf<M>>(method, params)
      : await connection.sendRequest<ResultOf<M>>(method, params, token);
  } catch (error) {
    if (error instanceof ResponseError && error.code === LAB_ERROR) {
      throw new LabError((error as ResponseError<LabErrorData>).data ?? toErrorData(error), { cause: error });
    }
    throw error;
  }
}

export async function notify<N extends NotificationName>(
  connection: MessageConnection,
  name: N,
  params: TrainerNotifications[N],
): Promise<void> {
  await connection.sendNotification(name, params);
}
