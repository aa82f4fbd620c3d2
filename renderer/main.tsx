import '@fontsource-variable/inter/index.css';
import './ui/tokens.css';
import './ui/base.css';
import { CSPProvider } from '@base-ui/react/csp-provider';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { config } from 'zod';
import { createEngineStore } from './api/engine-store.ts';
import { pickConnection } from './api/pick-connection.ts';
import { App } from './app/app.tsx';
import { Stores } from './app/stores.tsx';
import { applyTheme } from './app/theme.ts';

// zod compiles schemas with `new Function` where it can, which this page's CSP forbids and reports.
config({ jitless: true });
applyTheme('system', window)();

// Ctrl+S saves nothing that is not saved anyway; the browser's own dialog would only be in the way.
window.addEventListener('keydown', (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === 's') event.preventDefault();
});

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root.');
const engine = createEngineStore(pickConnection(window));
createRoot(root).render(
  <StrictMode>
    <CSPProvider disableStyleElements>
      <Stores engine={engine}>
        <App />
      </Stores>
    </CSPProvider>
  </StrictMode>,
);
