/** Every message of the host, brought to the store. A message forgotten here does not compile. */
import { assertNever } from '../../src/protocol/errors';
import type { HostToPanel } from '../../src/protocol/panel';
import { readColumns } from '../kit/data/columns';
import type { PanelStore } from './store';
import type { Post } from './vscodeApi';

export function receive(message: HostToPanel, store: PanelStore, post: Post): void {
  switch (message.type) {
    case 'show':
      store.show(message.run, message.lesson);
      return;
    case 'record':
      store.record(message.run);
      return;
    case 'points':
      if (!store.points(message.key, message.from, message.columns.map(readColumns))) {
        post({ type: 'fault', message: `Points before ${message.from} are missing; asking for all of them.` });
        post({ type: 'ready' });
      }
      return;
    case 'picture':
      store.picture(message.key, message.picture);
      return;
    case 'refused':
      store.refused(message.key, message.picture, message.error);
      return;
    case 'activity':
      store.setActivity(message.key, { text: message.text, fraction: message.fraction });
      return;
    case 'overlays':
      store.setOverlays(message.available, message.shown);
      return;
    case 'exercises':
      store.showExercises(message.cards);
      return;
    case 'revealExercise':
      store.revealed = message.exercise;
      return;
    case 'connection':
      store.connection = message.state;
      return;
    case 'error':
      store.error = message.error;
      return;
    default:
      assertNever(message);
  }
}

const TYPES: Readonly<Record<HostToPanel['type'], true>> = {
  show: true,
  record: true,
  points: true,
  picture: true,
  refused: true,
  activity: true,
  overlays: true,
  exercises: true,
  revealExercise: true,
  connection: true,
  error: true,
};

/**
 * What the host says at once: one message, or a list of those that are shown together. Other scripts of the webview's
 * frame may post too: only what has a type of ours is taken.
 */
export function hostMessages(data: unknown): readonly HostToPanel[] {
  return (Array.isArray(data) ? (data as readonly unknown[]) : [data]).filter(isHostMessage);
}

function isHostMessage(data: unknown): data is HostToPanel {
  if (typeof data !== 'object' || data === null || !('type' in data)) return false;
  return typeof data.type === 'string' && Object.hasOwn(TYPES, data.type);
}
