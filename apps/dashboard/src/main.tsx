import './jitless.ts';
import '@preact/signals';
import { render } from 'preact';
import { App } from './app.tsx';
import { parseRoute } from './route.ts';
import { resume } from './session.ts';
import { notice, question, route } from './state.ts';
import 'uplot/dist/uPlot.min.css';
import './style/base.css';
import './style/shell.css';
import './style/parts.css';
import './style/views.css';
import './style/tables.css';
import './style/charts.css';

addEventListener('hashchange', () => {
  question.value = null;
  notice.value = null;
  route.value = parseRoute(location.hash);
});
render(<App />, document.getElementById('app')!);
await resume();
