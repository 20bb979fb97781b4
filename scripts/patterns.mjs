// Patterns of code that no rule of Oxlint knows, as a plugin of it. .oxlintrc.json says where they apply.

const currentTime = [
  { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: 'The caller passes the time.' },
];

/** A default after an index hides that the index is outside of the array: a wrong value, and no error. */
const defaultsAfterIndex = ['[left.computed=true]', '[left.expression.computed=true]'].flatMap((index) =>
  ['[right.raw=/^\\d/]', '[right.type="UnaryExpression"]', '[right.name=/^(NaN|Infinity)$/]'].map((number) => ({
    selector: `LogicalExpression[operator="??"]${index}${number}`,
    message: 'If the index must be valid, use src/core/valueAt.ts. Else write the condition.',
  })),
);

/** Violations of the webviews' content security policy, and markup made from data. */
const webviewSyntax = [
  {
    selector: 'TaggedTemplateExpression[tag.name=/^(html|svg|css)$/] TemplateElement[value.raw=/\\sstyle=/]',
    message: 'An inline style violates the content security policy: use classMap or .style=${…}.',
  },
  {
    selector: 'TaggedTemplateExpression[tag.name=/^(html|svg)$/] TemplateElement[value.raw=/<style[\\s>]/]',
    message: 'A <style> element violates the content security policy: use static styles.',
  },
  {
    selector: 'TaggedTemplateExpression[tag.name=/^(html|svg)$/] TemplateElement[value.raw=/\\son[a-z]+=/]',
    message: 'An inline event handler violates the content security policy: use @event.',
  },
  {
    selector: 'AssignmentExpression[left.property.name=/^(innerHTML|outerHTML)$/]',
    message: 'Text from data is never HTML.',
  },
  { selector: 'CallExpression[callee.property.name="insertAdjacentHTML"]', message: 'Text from data is never HTML.' },
];

/** VS Code renders `[text](address)` in notifications as links, and `$(name)` in all of these as icons. */
const extensionSyntax = [
  {
    selector:
      'CallExpression[callee.property.name=/^show(Error|Warning|Information)Message$/] > .arguments:first-child:not(CallExpression[callee.name="labelText"])',
    message: 'A text of a file may be in it: labelText.',
  },
  {
    selector:
      'CallExpression[callee.property.name="report"] > ObjectExpression.arguments > Property[key.name="message"][shorthand=false]:not([value.callee.name="labelText"])',
    message: 'A text of a file may be in it: labelText.',
  },
  {
    selector:
      'TemplateLiteral[quasis.0.value.raw=/^\\$\\(/] > .expressions:last-child:not(CallExpression[callee.name="labelText"]):not(CallExpression[callee.property.name="t"]):not(CallExpression[callee.name="textOf"]):not(ConditionalExpression)',
    message: 'A text of a file may be in it: labelText.',
  },
];

/** A rule that reports the nodes of each selector. */
const patterns = (selectors) => ({
  create: (context) =>
    Object.fromEntries(
      selectors.map(({ selector, message }) => [selector, (node) => context.report({ node, message })]),
    ),
});

export default {
  meta: { name: 'patterns' },
  rules: {
    'current-time': patterns(currentTime),
    'default-after-index': patterns(defaultsAfterIndex),
    'extension-text': patterns(extensionSyntax),
    'webview-markup': patterns(webviewSyntax),
  },
};
