/** All that a trainer tells, handed to one place. */
import type { NotificationHandlers } from '../../protocol/rpc';
import type { NotificationName } from '../../protocol/trainer';

/** One handler for each notification; a new one that is not listed does not compile. */
export function forwardAll(forward: (name: NotificationName, params: unknown) => void): NotificationHandlers {
  return {
    'trainer/leaving': (params) => {
      forward('trainer/leaving', params);
    },
    'run/changed': (params) => {
      forward('run/changed', params);
    },
    'model/loading': (params) => {
      forward('model/loading', params);
    },
    'exercise/progress': (params) => {
      forward('exercise/progress', params);
    },
    'run/points': (params) => {
      forward('run/points', params);
    },
    'run/picture': (params) => {
      forward('run/picture', params);
    },
    'run/output': (params) => {
      forward('run/output', params);
    },
    'run/activity': (params) => {
      forward('run/activity', params);
    },
    'cell/output': (params) => {
      forward('cell/output', params);
    },
    'cell/ended': (params) => {
      forward('cell/ended', params);
    },
  };
}
