import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './page.css';
import { GraphiQL } from 'graphiql';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { fetcher } from './fetcher';
import { settings } from './settings';

const root = document.getElementById('graphiql');
if (root === null) throw new Error('index.html has no #graphiql element.');

document.title = settings.title;
createRoot(root).render(
  <StrictMode>
    <GraphiQL fetcher={fetcher} defaultQuery={settings.document} defaultEditorToolsVisibility={false} />
  </StrictMode>,
);
