import { html, render } from 'lit';
import { Channel } from '../channel.ts';
import { registerToolkit } from '../components/toolkit.ts';
import { adopt } from '../element.ts';
import { theme } from '../theme.ts';
import './inspector.ts';
import { Session, type InspectorChannel } from './session.ts';

registerToolkit();
adopt(theme);
const channel: InspectorChannel = new Channel();
const session = new Session(channel);
const main = document.querySelector('main');
if (main) render(html`<rs-inspector .session=${session}></rs-inspector>`, main);
void session.open();
