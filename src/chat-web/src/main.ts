import { mount } from 'svelte';
import './app.css';
import Root from './Root.svelte';
import { createApp } from './lib/app';

const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no #app element.');

mount(Root, { target, props: { app: createApp() } });
