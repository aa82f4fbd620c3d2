const paths = {
  requests: 'M4 7h16M4 12h10M4 17h13',
  key: 'M12 15a4 4 0 1 1-8 0 4 4 0 0 1 8 0Zm-1-3 8-8m-3 3 3 3',
  playground: 'M9 3h6M10 3v6l-5.5 9.2A1.9 1.9 0 0 0 6.1 21h11.8a1.9 1.9 0 0 0 1.6-2.8L14 9V3M7.5 15h9',
  timeline: 'M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0ZM12 7v5l3 2',
  chevron: 'm6 9 6 6 6-6',
  up: 'm6 15 6-6 6 6',
  grip: 'M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  plus: 'M12 5v14M5 12h14',
  close: 'M6 6l12 12M18 6 6 18',
  alert: 'M12 8v5m0 3.5h.01M10.3 4.3 2.8 17.3A2 2 0 0 0 4.5 20.3h15a2 2 0 0 0 1.7-3l-7.5-13a2 2 0 0 0-3.4 0Z',
  folder:
    'M3 6.5A1.5 1.5 0 0 1 4.5 5h4.6l2 2.5h8.4A1.5 1.5 0 0 1 21 9v8.5a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 17.5v-11Z',
  theme: 'M12 3v18M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z',
  send: 'm5 12-1.5-8L21 12 3.5 20 5 12Zm0 0h7',
} as const;

export type IconName = keyof typeof paths;

/** A line icon in the colour of its text; decoration only, so the control around it carries the name. */
export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={name === 'more' || name === 'grip' ? 2.6 : 1.7}
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={paths[name]} />
    </svg>
  );
}
