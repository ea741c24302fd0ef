import '@preact/signals';
import { render } from 'preact';
import { App } from './app.tsx';
import { loadGrid } from './grid.ts';
import { follow, resumeVisit } from './state.ts';
import './style/base.css';
import './style/parts.css';
import './style/consent.css';
import './style/lending.css';

follow();
render(<App />, document.getElementById('app')!);
await loadGrid();
resumeVisit();
