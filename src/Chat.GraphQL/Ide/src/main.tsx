import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './page.css';
import { GraphiQL } from 'graphiql';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { fetcher } from './fetcher';
import { welcomeQuery } from './welcome';

const root = document.getElementById('graphiql');
if (root === null) throw new Error('index.html has no #graphiql element.');

createRoot(root).render(
  <StrictMode>
    <GraphiQL fetcher={fetcher} defaultQuery={welcomeQuery} defaultEditorToolsVisibility={false} />
  </StrictMode>,
);
