import { type Context, createContext, useContext } from 'react';
import { type StoreApi, useStore } from 'zustand';
import { AppError } from '../../shared/errors.ts';

/** A store's way to the views: the app puts its `Provider` around them, and `useStoreOf` selects from it. */
export type StoreContext<State> = Context<StoreApi<State> | null>;

/** Makes the context of one store; `name` stands in the error when its provider is missing. */
export function storeContext<State>(name: string): StoreContext<State> {
  const context = createContext<StoreApi<State> | null>(null);
  context.displayName = name;
  return context;
}

/** Selects from the store of a context; throws `internal` outside its provider. */
export function useStoreOf<State, Selected>(
  context: StoreContext<State>,
  select: (state: State) => Selected,
): Selected {
  const store = useContext(context);
  if (store === null) throw new AppError('internal', `The ${context.displayName} store has no provider.`);
  return useStore(store, select);
}
