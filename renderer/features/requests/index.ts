export { createRequestDrafts } from './request-drafts.ts';
export { createRequestStore } from './request-store.ts';
export { Requests } from './requests.tsx';
export { RequestDraftsProvider, RequestStoreProvider } from './stores.ts';
