import { type EngineEvent, engineEventSchema } from '../../shared/contract/events.ts';
import type { Transport } from '../../shared/contract/router.ts';

/** `refused`: the engine does not accept this page's start token, and trying again is of no use. */
export type ConnectionState = 'connecting' | 'connected' | 'lost' | 'refused';

/** What a connection tells: its own state, what the engine says unasked, and that something may have been missed. */
export interface ConnectionListener {
  onState(state: ConnectionState): void;
  onEvent(event: EngineEvent): void;
  onMissed(): void;
}

/** The way to the engine: calls through `transport`, events through `listen`, which returns its own end. */
export interface Connection {
  transport: Transport;
  listen(listener: ConnectionListener): () => void;
}

/** Hands on one event as it came over the wire; one that is not as declared counts as missed. */
export function deliver(raw: unknown, listener: ConnectionListener): void {
  const event = engineEventSchema.safeParse(raw);
  if (event.success) listener.onEvent(event.data);
  else listener.onMissed();
}
