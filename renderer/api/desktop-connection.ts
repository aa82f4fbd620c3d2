import { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import { type Connection, deliver } from './connection.ts';

type Bridge = Record<string, (argument: unknown) => unknown>;

/** What the desktop's preload exposes as `window.grantwright`: a function a call, and `onEvent`. */
const bridgeSchema = z.custom<Bridge>(
  (value) =>
    typeof value === 'object' && value !== null && typeof Reflect.get(value, 'onEvent') === 'function',
);

/** The connection through the preload's bridge, or undefined when this is not the desktop. */
export function desktopConnection(bridge: unknown): Connection | undefined {
  const parsed = bridgeSchema.safeParse(bridge);
  if (!parsed.success) return undefined;
  const calls = parsed.data;
  return {
    transport: async (name, params) => {
      const send = calls[name];
      if (typeof send !== 'function') {
        throw new AppError('call_unknown', `This window's preload has no call named ${name}.`, {
          action: 'Restart Grantwright: window and engine are probably of different versions.',
        });
      }
      return await send(params);
    },
    listen: (listener) => {
      const stop = calls.onEvent?.((event: unknown) => deliver(event, listener));
      listener.onState('connected');
      return () => {
        if (typeof stop === 'function') stop();
      };
    },
  };
}
