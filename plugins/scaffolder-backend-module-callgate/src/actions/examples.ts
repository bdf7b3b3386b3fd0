import type { TemplateExample } from '@backstage/plugin-scaffolder-node';

const INPUT = `      api: api:default/orders
      caller: \${{ parameters.caller }}
      operations: [listOrders, getOrder]
      in: [prod-eu]`;

export const previewExamples: TemplateExample[] = [
  {
    description: 'Say what access to two operations would mean',
    example: `steps:
  - id: meaning
    name: What access would mean
    action: callgate:access:preview
    input:
${INPUT}
`,
  },
];

export const requestExamples: TemplateExample[] = [
  {
    description: 'Ask for two operations until a day',
    example: `steps:
  - id: access
    name: Ask for access
    action: callgate:access:request
    input:
${INPUT}
      until: '2027-03-01'
      reason: Order status on the confirmation page
`,
  },
];
