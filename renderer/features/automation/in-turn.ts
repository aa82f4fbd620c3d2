import { AppError, type ErrorWire } from '../../../shared/errors.ts';

/** How what goes on for a profile changes its state, for as long as its project is open. */
export interface Turn<Patch> {
  /** Changes a profile's state, unless another project is open by now: its profile of this id is another one. */
  tell(profile: string, patch: Patch): void;
  /** Whether its project is still open. */
  here(): boolean;
}

/** What reads and writes one file of a profile, in the order in which it was asked for. */
export interface Turns<Patch> {
  /** For what need not wait for its turn. */
  begin(): Turn<Patch>;
  /** One after another, so that an old answer never counts as news; true if it went well. A failure is told. */
  inTurn(profile: string, work: (turn: Turn<Patch>) => Promise<void>): Promise<boolean>;
  /** Nothing that is under way is told any more: it belongs to another project. */
  forget(): void;
}

/** Makes the turns of a store's profiles; `failed` makes a patch of a failure. */
export function createTurns<Patch>(
  change: (profile: string, patch: Patch) => void,
  failed: (error: ErrorWire) => Patch,
): Turns<Patch> {
  let turns = new Map<string, Promise<unknown>>();

  function begin(): Turn<Patch> {
    const mine = turns;
    const here = () => mine === turns;
    return {
      here,
      tell: (profile, patch) => {
        if (here()) change(profile, patch);
      },
    };
  }

  return {
    begin,
    inTurn: (profile, work) => {
      const turn = begin();
      const done = (turns.get(profile) ?? Promise.resolve()).then(async () => {
        try {
          if (turn.here()) await work(turn);
          return turn.here();
        } catch (thrown) {
          turn.tell(profile, failed(AppError.from(thrown).toWire()));
          return false;
        }
      });
      turns.set(profile, done);
      return done;
    },
    forget: () => {
      turns = new Map();
    },
  };
}
