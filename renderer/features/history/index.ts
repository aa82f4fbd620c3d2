export { newestFirst } from './event-filter.ts';
export { TokenEventList } from './event-list.tsx';
export { Timeline, TimelinePlace } from './timeline.tsx';
export { useTokenEvents } from './use-token-events.ts';
