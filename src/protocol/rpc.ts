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
  const register = <M extends RequestName>(method: M): void => {
    connection.onRequest(method, async (params: ParamsOf<M>, token: CancellationToken) => {
      try {
        return await handlers[method](params, token);
      } catch (error) {
        const data = toErrorData(error);
        throw new ResponseError<LabErrorData>(LAB_ERROR, data.message, data);
      }
    });
  };
  for (const method of Object.keys(handlers) as RequestName[]) register(method);
}

export function listen(connection: MessageConnection, handlers: NotificationHandlers): void {
  const register = <N extends NotificationName>(name: N): void => {
    connection.onNotification(name, (params: TrainerNotifications[N]) => {
      handlers[name](params);
    });
  };
  for (const name of Object.keys(handlers) as NotificationName[]) register(name);
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
