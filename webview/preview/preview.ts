import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type { PreviewEvents } from '../../src/protocol/preview.ts';
import type { Failure } from '../../src/core/message/failure.ts';
import { retryActions, type FailureAction } from '../components/failure.ts';
import '../components/progress.ts';
import '../components/skeleton.ts';
import { focusArrival } from '../focusArrival.ts';
import { FocusKeeper, focusRegion } from '../regions.ts';
import { MediaMatch } from '../narrow.ts';
import { t } from '../strings.ts';
import './bar.ts';
import './compareBar.ts';
import './compareFigures.ts';
import './compared.ts';
import './compareTools.ts';
import './draws.ts';
import './explainPane.ts';
import './figures.ts';
import './footer.ts';
import './knobList.ts';
import './popularityFigure.ts';
import { hasUrgentNotices } from './previewNotices.ts';
import './storyPane.ts';
import './users.ts';
import { PreviewElement } from './previewElement.ts';

/**
 * The whole preview: the draws, a comparison, a story, or the explanation of a pair; or why there is nothing to show.
 */
@customElement('rs-preview')
export class PreviewView extends PreviewElement {
  static override sheets = [
    css`
    rs-preview { display: flex; flex-direction: column; height: 100%; position: relative; }
    rs-preview > .body { flex: 1; min-height: 0; display: grid; grid-template-columns: auto minmax(0, 1fr) 230px; }
    rs-preview > .body.compares { grid-template-columns: auto minmax(0, 1fr) 332px; }
    rs-preview > .body.has-story { grid-template-columns: auto minmax(0, 1fr); }
    rs-preview > .body > rs-preview-users {
      border-right: 1px solid var(--vscode-panel-border);
      min-width: 160px;
      max-width: 184px;
    }
    rs-preview > .body > .middle { min-width: 0; min-height: 0; display: flex; flex-direction: column; }
    rs-preview > .body > .tools {
      min-height: 0;
      overflow-y: auto;
      padding: 8px 12px 12px;
      border-left: 1px solid var(--vscode-panel-border);
      font-size: 12px;
      line-height: 16px;
    }
    rs-preview .tools section {
      border-top: 1px solid var(--vscode-panel-border);
      margin: 8px -12px 0;
      padding: 4px 12px 0;
    }
    rs-preview .tools section + section, rs-preview .tools rs-compare-tools section { border-top: 0; }
    rs-preview .section-title {
      display: flex;
      align-items: center;
      flex-wrap: wrap;
      gap: 0 8px;
      min-height: 24px;
      font-size: 12px;
      white-space: nowrap;
    }
    rs-preview .section-title .caption { font-weight: 400; }
    rs-preview .codicon.small { font-size: 12px; width: 12px; vertical-align: -2px; }
    rs-preview .welcome {
      margin: auto;
      padding: 16px;
      max-width: 420px;
      display: flex;
      flex-direction: column;
      align-items: center;
      text-align: center;
      gap: 8px;
    }
    rs-preview .welcome .buttons { display: flex; gap: 8px; flex-wrap: wrap; justify-content: center; margin-top: 8px; }
    rs-preview .flow > rs-figures:first-child > section { border-top: 0; margin-top: -4px; padding-bottom: 8px; }
    rs-preview .strip { display: none; }
    @media (max-width: 799px) {
      rs-preview { overflow-y: auto; }
      rs-preview > .body, rs-preview > .body.compares, rs-preview > .body.has-story {
        position: relative;
        flex: 1 0 200px;
        grid-template-columns: minmax(0, 1fr);
        /* At least some draws: the whole preview scrolls if its parts need more. */
        grid-template-rows: auto minmax(132px, 1fr) auto minmax(0, auto);
      }
      rs-preview > .body > rs-preview-users { border-right: 0; max-width: none; }
      rs-preview > .body.explains, rs-preview > .body.has-story { grid-template-rows: auto minmax(0, 1fr); }
      rs-preview > .body.explains > .tools, rs-preview > .body.explains > .strip, rs-preview > .body > .tools.closed {
        display: none;
      }
      rs-preview .strip {
        display: flex;
        align-items: center;
        gap: 8px;
        height: 28px;
        padding: 0 12px;
        border-top: 1px solid var(--vscode-panel-border);
        font-size: 12px;
        font-weight: 600;
      }
      rs-preview .strip:hover { background: var(--vscode-list-hoverBackground); }
      rs-preview > .body > .tools { border-left: 0; max-height: 40vh; }
      rs-preview .flow { columns: 216px; column-gap: 24px; }
      rs-preview .tools section { border-top: 0; margin: 0; padding: 0 0 8px; break-inside: avoid; }
      rs-preview .tools rs-knobs { break-inside: avoid; }
    }
    @media (max-width: 799px) and (max-height: 559px) {
      /* Two parts below each other would hide both. */
      rs-preview > .body > .tools {
        position: absolute; z-index: 6; left: 0; right: 0; bottom: 28px; max-height: min(240px, calc(100% - 92px)); background: var(--vscode-editorWidget-background, var(--vscode-editor-background));
        border-top: 1px solid var(--vscode-editorWidget-border, var(--vscode-contrastBorder, var(--vscode-panel-border))); box-shadow: 0 -4px 8px var(--vscode-widget-shadow, transparent);
      }
    }
  `,
  ];
  private painted = 0;
  private readonly narrow = new MediaMatch(this, '(max-width: 799px)');
  private readonly low = new MediaMatch(this, '(max-width: 799px) and (max-height: 559px)');
  /** On a narrow page: true if the tools are expanded below the draws. */
  @state() private unfolded = true;
  /** On a narrow and low page: true if the tools cover the draws. */
  @state() private over = false;
  @query('.strip') private strip!: HTMLElement | null;
  private readonly focusKeeper = new FocusKeeper(this);

  override connectedCallback(): void {
    super.connectedCallback();
    this.model.channel.on('command', (command) => this.command(command));
    // VS Code listens on the window. A key that the page uses must not trigger a VS Code command too.
    document.addEventListener('keydown', (event) => this.key(event));
  }

  protected override render(): TemplateResult {
    const { model } = this;
    const { failure, state, sampler } = model;
    if (failure)
      return html`<rs-failure .failure=${failure} .actions=${this.actions(failure, () => void model.open())}></rs-failure>`;
    if (!state || (sampler === null && model.busy))
      return html`<rs-progress .jobs=${model.jobs} @cancel=${() => model.cancel()}></rs-progress><rs-skeleton></rs-skeleton>`;
    const compares = state.mode === 'compare';
    // Problems are shown above the draws, information below them.
    const isUrgent = hasUrgentNotices(model);
    const notices = html`<rs-preview-notices class=${isUrgent ? '' : 'below'} .model=${model}></rs-preview-notices>`;
    return html`<rs-progress .jobs=${model.jobs} @cancel=${() => model.cancel()}></rs-progress>
      ${compares ? html`<rs-compare-bar class="preview-bar" data-region .model=${model}></rs-compare-bar><rs-compare-figures .model=${model}></rs-compare-figures>` : html`<rs-preview-bar class="preview-bar" data-region .model=${model}></rs-preview-bar>`}
      ${isUrgent ? notices : nothing}
      ${this.body(compares)}
      ${isUrgent ? nothing : notices}
      <rs-preview-footer .model=${model}></rs-preview-footer>`;
  }

  protected override updated(): void {
    this.focusKeeper.onDrawn();
    const { model } = this;
    const { state, answers, preview } = model;
    this.setAttribute('aria-busy', String(model.users.isProposing));
    if (!state || answers === this.painted) return;
    this.painted = answers;
    // After the child elements have rendered too.
    requestAnimationFrame(() =>
      model.channel.notify('painted', {
        stage: state.stage,
        users: preview?.users.length ?? 0,
        negatives: preview?.totals.negatives ?? 0,
        milliseconds: model.took,
      }),
    );
  }

  private body(compares: boolean): TemplateResult {
    const { model } = this;
    const { state, sampler, preview } = model;
    if (sampler?.plan === null && preview === null)
      return html`<div class="welcome" role="status"><h2>${t('Nothing can be drawn from this stage yet')}</h2><p>${t('What is missing is listed above. The preview updates as you edit the config.')}</p></div>`;
    return html`<div class="body ${compares ? 'compares' : state?.mode === 'explain' ? 'explains' : state?.mode === 'story' ? 'has-story' : ''}">
      <rs-preview-users .model=${model}></rs-preview-users>
      <div class="middle">${this.middle()}</div>
      ${state?.mode === 'story' ? nothing : this.tools(compares)}</div>`;
  }

  private tools(compares: boolean): TemplateResult {
    const { model } = this;
    const { state } = model;
    const hasUsers = (state?.users.length ?? 0) > 0;
    return html`<button class="strip" data-region aria-expanded=${this.showsTools ? 'true' : 'false'} aria-controls="tools" @click=${() => this.foldTools(this.showsTools)}><span class="grow">${compares ? t('Effect of the change') : t('Sliders and figures')}</span>
        <span class="codicon codicon-chevron-${this.showsTools ? 'down' : 'up'}" aria-hidden="true"></span></button>
      <div id="tools" class="tools ${this.showsTools ? '' : 'closed'}" data-region><div class="flow">${compares ? html`<rs-compare-tools .model=${model}></rs-compare-tools>` : html`${hasUsers ? html`<rs-figures .isMix=${true} .model=${model}></rs-figures>` : nothing}<rs-popularity-figure .model=${model}></rs-popularity-figure><rs-knobs .model=${model}></rs-knobs>${hasUsers ? html`<rs-figures .model=${model}></rs-figures>` : nothing}`}</div></div>`;
  }

  private get showsTools(): boolean {
    return !this.narrow.matches || (this.low.matches ? this.over : this.unfolded);
  }

  private foldTools(fold: boolean): void {
    if (this.low.matches) this.over = !fold;
    else this.unfolded = !fold;
  }

  /** Closes the tools that cover the draws. Returns false if they do not cover them. */
  private closeTools(): boolean {
    if (!this.low.matches || !this.showsTools) return false;
    this.foldTools(true);
    this.strip?.focus();
    return true;
  }

  private middle(): TemplateResult {
    const { model } = this;
    const { state, problem, preview } = model;
    if (state?.mode === 'explain') return html`<rs-explain-pane .model=${model}></rs-explain-pane>`;
    if (state?.mode === 'story') return html`<rs-story-pane .model=${model}></rs-story-pane>`;
    if (model.users.isProposing) return html`<rs-skeleton></rs-skeleton>`;
    if (state?.users.length === 0) return this.welcome();
    if (problem && preview === null)
      return html`<rs-failure .failure=${problem} .actions=${this.actions(problem, () => model.ask(true))}></rs-failure>`;
    if (preview === null && model.stopped)
      return html`<div class="welcome" role="status"><h2>${t('Cancelled')}</h2><div class="buttons"><vscode-button @click=${() => model.ask(true)}>${t('Draw again')}</vscode-button></div></div>`;
    return state?.mode === 'compare'
      ? html`<rs-compared .model=${model}></rs-compared>`
      : html`<rs-draws .model=${model}></rs-draws>`;
  }

  private welcome(): TemplateResult {
    const { model } = this;
    return html`<div class="welcome"><h2>${t('See what this stage draws for a user')}</h2><p class="muted">${t('Each negative is shown with its source, its popularity and why it was drawn. With the same seed, the sample file contains the same rows.')}</p>
      <div class="buttons"><vscode-button @click=${() => model.users.pick()}>${t('Add user')}</vscode-button><vscode-button appearance="secondary" @click=${() => model.users.add({ kind: 'heaviest' })}>${t('Add heaviest')}</vscode-button><vscode-button appearance="secondary" @click=${() => model.users.addRandom()}>${t('Add random')}</vscode-button></div></div>`;
  }

  private actions(failure: Failure, again: () => void): FailureAction[] {
    const { model } = this;
    return [
      ...retryActions(failure, again, () => model.act('restartServer', null)),
      { label: t('Show Log'), kind: 'link', run: () => model.act('showLog', null) },
    ];
  }

  private key(event: KeyboardEvent): void {
    const { model } = this;
    const { state } = model;
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !typing(event);
    const key = event.key.toLowerCase();
    if (!state || event.defaultPrevented) return;
    if (key === 'z' && (event.ctrlKey || event.metaKey) && !event.shiftKey && slides(event)) model.undo();
    else if (event.key === 'F6') focusRegion(this, event.shiftKey ? -1 : 1);
    else if (event.key === 'F7' && state.mode === 'compare')
      this.querySelector('rs-compared')?.go(event.shiftKey ? -1 : 1);
    else if (event.altKey && !event.ctrlKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown') && !slides(event))
      model.users.step(event.key === 'ArrowUp' ? -1 : 1);
    else if (event.key === 'Escape') {
      const closed = this.closeTools();
      if (!closed && model.jobs.shown) model.cancel();
      else if (!closed && state.mode !== 'preview') model.showDraws();
      else if (!closed) return;
    } else if (plain && key === 'r') model.newSeed();
    else if (plain && key === 'c' && state.mode !== 'compare' && state.users.length > 0) model.set({ mode: 'compare' });
    else if (plain && key === 'h' && state.mode === 'preview' && state.user !== null) model.keep({ mode: 'story' });
    else if (plain && key === 't' && state.mode === 'story') this.querySelector('rs-story-pane')?.toggleTable();
    else if (plain && key === 'x' && state.mode === 'compare') model.set({ swapped: !state.swapped });
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private command({ name, other, user }: PreviewEvents['command']): void {
    const { model } = this;
    switch (name) {
      case 'compare':
        model.set({ mode: 'compare', ...(other ? { other, swapped: false } : {}) });
        return;
      case 'explain':
        model.keep({ mode: 'explain' });
        return;
      case 'generate':
        void focusArrival().then(() => {
          if (model.params) model.act('generate', model.params);
        });
        return;
      case 'story':
        if (user === undefined) void focusArrival().then(() => model.users.pickStory());
        else model.users.showStory(user);
    }
  }
}

/** A letter typed into a field is not a command. */
const typing = ({ target }: Event): boolean =>
  target instanceof HTMLInputElement || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;
const slides = ({ target }: Event): boolean => target instanceof Element && target.getAttribute('role') === 'slider';

declare global {
  interface HTMLElementTagNameMap {
    'rs-preview': PreviewView;
  }
}
