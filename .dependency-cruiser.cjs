// Who may import whom (hosts -> services -> rooms -> oauth -> network -> shared; renderer -> shared). Type imports count.
const rooms = ['requests', 'consent', 'tokens', 'projects', 'playground'];

const outside = (name, folders) => ({
  name: `${name}-only-in-${folders[0].replace(/[^a-z]+/g, '-')}`,
  severity: 'error',
  comment: `${name} is known to ${folders.join(' and ')} alone.`,
  from: { path: '^(shared|electron|renderer)/', pathNot: folders.map((folder) => `^${folder}`) },
  to: { path: `(^|/)node_modules/${name}(/|$)|^${name}$` },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'shared-imports-only-zod',
      severity: 'error',
      comment: 'shared/ runs anywhere: it knows itself and zod, not even Node.',
      from: { path: '^shared/' },
      to: { pathNot: ['^shared/', '(^|/)node_modules/zod(/|$)'] },
    },
    {
      name: 'renderer-knows-shared-alone',
      severity: 'error',
      comment: 'The renderer knows the engine only through shared/contract.',
      from: { path: '^renderer/' },
      to: { path: '^(electron|test|scripts)/' },
    },
    {
      name: 'renderer-has-no-node',
      severity: 'error',
      comment: 'The renderer runs in a browser page.',
      from: { path: '^renderer/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'features-meet-through-index',
      severity: 'error',
      comment: 'A feature is known by its index.ts; its other files are its own.',
      from: { path: '^renderer/features/([^/]+)/' },
      to: {
        path: '^renderer/features/([^/]+)/',
        pathNot: ['^renderer/features/$1/', '^renderer/features/[^/]+/index\\.tsx?$'],
      },
    },
    {
      name: 'ui-knows-nothing-of-the-app',
      severity: 'error',
      comment: 'Primitives know neither features nor the engine.',
      from: { path: '^renderer/ui/' },
      to: { path: '^(renderer/(app|api|features)/|shared/contract/)' },
    },
    {
      name: 'network-knows-shared-alone',
      severity: 'error',
      comment: 'The way to servers stands below the protocol and every room.',
      from: { path: '^electron/network/' },
      to: { path: '^(electron|renderer)/', pathNot: '^electron/network/' },
    },
    {
      name: 'oauth-knows-network-and-shared',
      severity: 'error',
      comment: 'The protocol stands below every room.',
      from: { path: '^electron/oauth/' },
      to: { path: '^(electron|renderer)/', pathNot: ['^electron/oauth/', '^electron/network/'] },
    },
    {
      name: 'files-knows-shared-alone',
      severity: 'error',
      comment: 'Atomic writes and locks stand below every room.',
      from: { path: '^electron/files/' },
      to: { path: '^(electron|renderer)/', pathNot: '^electron/files/' },
    },
    ...rooms.map((room) => ({
      name: `${room}-is-a-room`,
      severity: 'error',
      comment: 'Rooms never import each other; services.ts joins them.',
      from: { path: `^electron/${room}/` },
      to: {
        path: '^(electron|renderer)/',
        pathNot: [`^electron/${room}/`, '^electron/oauth/', '^electron/network/', '^electron/files/'],
      },
    })),
    {
      name: 'services-know-no-host',
      severity: 'error',
      comment: 'Hosts give their parts; services never reach for them.',
      from: { path: '^electron/services' },
      to: { path: '^(electron/hosts|renderer)/' },
    },
    {
      name: 'hosts-never-import-each-other',
      severity: 'error',
      comment: 'What two hosts share stands beside them in electron/hosts.',
      from: { path: '^electron/hosts/([^/]+)/' },
      to: { path: '^electron/hosts/[^/]+/', pathNot: '^electron/hosts/$1/' },
    },
    {
      name: 'hosts-not-the-renderer',
      severity: 'error',
      from: { path: '^electron/' },
      to: { path: '^renderer/' },
    },
    outside('electron', ['electron/hosts/desktop']),
    outside('playwright-core', ['electron/consent']),
    outside('undici', ['electron/requests', 'electron/oauth', 'electron/network']),
    {
      name: 'no-circles',
      severity: 'error',
      from: { path: '^(shared|electron|renderer)/' },
      to: { circular: true },
    },
    {
      name: 'everything-resolves',
      severity: 'error',
      from: { path: '^(shared|electron|renderer)/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    parser: 'swc',
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
