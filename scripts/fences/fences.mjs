// Every fence of the approval, with how it is taken out and the test that has to notice. `edits`: text of a source file, and
// what stands there instead. Where two stand one behind the other, both are taken out for the adversary suite to get through;
// `named` is about the same edits.
const backend = file => `plugins/callgate-backend/src/${file}`;
const policy = file => `packages/policy/src/${file}`;
const edit = (file, find, replace = '') => ({ file, find, replace });

const BINDINGS = policy('plan/claims/Bindings.ts');

export const FENCES = [
  {
    id: 'binding-of-others-refused',
    edits: [
      edit(BINDINGS, "state: holds ? 'holds' : 'refused',", "state: 'holds',"),
    ],
    named: policy('plan/claims/claims.test.ts'),
  },
  {
    id: 'contested-binding',
    edits: [
      edit(
        BINDINGS,
        "return { state: 'contested' };",
        "return { state: 'holds' };",
      ),
    ],
    named: policy('plan/claims/claims.test.ts'),
  },
  {
    id: 'negative-selector-asks-pods-alone',
    edits: [
      edit(
        policy('plan/bindEntity.ts'),
        'selector.isNegative ? [] : [labels]',
        '[labels]',
      ),
    ],
    named: policy('plan/claims/claims.test.ts'),
  },
  {
    id: 'providing-is-a-claim',
    edits: [
      edit(
        policy('plan/claims/providers.ts'),
        '(counts ? counted : others).push(provider)',
        'counted.push(provider)',
      ),
    ],
    named: policy('plan/claims/claims.test.ts'),
  },
  {
    id: 'owners-of-one-workload-decide-together',
    edits: [
      edit(
        backend('approval/sharedWorkloads.ts'),
        'const found = coOwnersOf(input, api, clusters);',
        'const found: ReturnType<typeof coOwnersOf> = [];',
      ),
    ],
    named: backend('proposals/claims.test.ts'),
  },
  {
    id: 'providing-and-owners-of-one-workload',
    edits: [
      edit(
        policy('plan/claims/providers.ts'),
        '(counts ? counted : others).push(provider)',
        'counted.push(provider)',
      ),
      edit(
        backend('approval/sharedWorkloads.ts'),
        'const found = coOwnersOf(input, api, clusters);',
        'const found: ReturnType<typeof coOwnersOf> = [];',
      ),
    ],
    named: policy('plan/claims/claims.test.ts'),
  },
  {
    id: 'pins',
    edits: [
      edit(
        policy('plan/Pins.ts'),
        "if (side === 'caller' && this.#follows) return true;",
        'if (side.length > 0) return true;',
      ),
    ],
    named: policy('plan/pins.test.ts'),
  },
  {
    id: 'opened-is-approved',
    edits: [edit(policy('proof/unapproved.ts'), 'found.push(...unapproved);')],
    named: policy('proof/unapproved.test.ts'),
  },
  {
    id: 'restored-is-shown',
    edits: [
      edit(
        policy('meaning/alsoOpened.ts'),
        'if (apis.size === 0) return [];',
        'if (apis.size >= 0) return [];',
      ),
    ],
    named: policy('proof/unapproved.test.ts'),
  },
  {
    id: 'restored-is-shown-and-proved',
    edits: [
      edit(
        policy('meaning/alsoOpened.ts'),
        'if (apis.size === 0) return [];',
        'if (apis.size >= 0) return [];',
      ),
      edit(policy('proof/unapproved.ts'), 'found.push(...unapproved);'),
    ],
    named: policy('proof/unapproved.test.ts'),
  },
  {
    id: 'pins-shown-and-proved',
    edits: [
      edit(
        policy('plan/Pins.ts'),
        "if (side === 'caller' && this.#follows) return true;",
        'if (side.length > 0) return true;',
      ),
      edit(
        policy('meaning/alsoOpened.ts'),
        'if (apis.size === 0) return [];',
        'if (apis.size >= 0) return [];',
      ),
      edit(policy('proof/unapproved.ts'), 'found.push(...unapproved);'),
    ],
    named: policy('plan/pins.test.ts'),
  },
  {
    id: 'approval-of-what-was-shown',
    edits: [
      edit(
        backend('access/AccessDecisions.ts'),
        'if (preview.meaning.digest !== body.digest) {',
        'if (body.digest === undefined) {',
      ),
    ],
    named: backend('tests/rules.test.ts'),
  },
  {
    id: 'wider-asks-again',
    edits: [
      edit(
        backend('proposals/ProposalPlanner.ts'),
        "if (result === 'wider') {",
        'if (!result) {',
      ),
    ],
    named: backend('tests/rules.test.ts'),
  },
  {
    id: 'merge-of-what-was-shown',
    edits: [
      edit(
        backend('proposals/ProposalReviews.ts'),
        'if (difference) {',
        'if (!difference && difference) {',
      ),
      edit(
        backend('proposals/ProposalReviews.ts'),
        'reviews.merge(number, { by, head }),',
        'reviews.merge(number, { by, head: pull.head }),',
      ),
    ],
    named: backend('proposals/shownHead.test.ts'),
  },
  {
    id: 'merge-of-what-is-current',
    edits: [
      edit(
        backend('proposals/ProposalReviews.ts'),
        'await this.#refuseOutdated(repository, record, pull);',
      ),
    ],
    named: backend('tests/meanwhile.test.ts'),
  },
  {
    id: 'membership-of-this-moment',
    edits: [
      edit(
        backend('ownership/Ownership.ts'),
        '() => new MemoizedCatalogReading(options),',
        '(reading => () => reading)(new MemoizedCatalogReading(options)),',
      ),
    ],
    named: backend('tests/oldSignIns.test.ts'),
  },
  {
    id: 'nobody-approves-their-own',
    edits: [
      edit(
        backend('access/Decisions.ts'),
        'if (person.ref === request.requestedBy) {',
        'if (person.ref === undefined) {',
      ),
      edit(
        backend('ownership/Ownership.ts'),
        'ref => !askers.has(ref),\n    );\n    if (people',
        'ref => ref !== undefined,\n    );\n    if (people',
      ),
    ],
    named: backend('tests/rules.test.ts'),
  },
  {
    id: 'nobody-merges-their-own',
    edits: [
      edit(
        backend('access/Decisions.ts'),
        'return involved.has(proposal.id) && !commentOnly',
        'return involved.has(proposal.id) && commentOnly',
      ),
      edit(
        backend('proposals/ProposalReviews.ts'),
        'if (people.has(by)) {',
        'if (people.has(`${by}?`)) {',
      ),
    ],
    named: backend('tests/rules.test.ts'),
  },
  {
    id: 'platform-team-merges',
    edits: [
      edit(
        backend('access/Decisions.ts'),
        'if (!platformTeam || !person.claims.has(platformTeam)) {',
        'if (!platformTeam) {',
      ),
    ],
    named: backend('routes.test.ts'),
  },
  {
    id: 'owners-of-the-caller-ask',
    edits: [
      edit(
        backend('access/AccessAsks.ts'),
        'if (owned.length > 0 && !(draft.change?.urgent && isSecurity)) {',
        'if (!(draft.change?.urgent && isSecurity)) {',
      ),
    ],
    named: backend('routes.test.ts'),
  },
  {
    id: 'needs-are-counted',
    edits: [
      edit(
        backend('approval/tally.ts'),
        'complete: places.size === seatsOf(needs),',
        'complete: places.size > 0,',
      ),
    ],
    named: backend('tests/needs.test.ts'),
  },
  {
    id: 'fence-around-definitions',
    edits: [
      edit(
        policy('contract/readOpenApi.ts'),
        "return decodeURIComponent(text).replace(/~1/g, '/').replace(/~0/g, '~');\n  } catch {",
        "return decodeURIComponent(text).replace(/~1/g, '/').replace(/~0/g, '~');\n  } catch (error) {\n    if (error) throw error;",
      ),
      edit(
        policy('contract/readContract.ts'),
        '    () => unreadable(api, kind, UNFORESEEN),',
        "    () => {\n      throw new Error('unforeseen');\n    },",
      ),
    ],
    named: policy('compile/fences.test.ts'),
  },
  {
    id: 'error-holds-one-grant',
    edits: [
      edit(
        policy('compile/heldGrants.ts'),
        'if (key === undefined || !callers.has(key)) continue;',
        'if (key !== undefined || callers) continue;',
      ),
    ],
    named: policy('compile/held.test.ts'),
  },
  {
    id: 'files-of-other-apis-stay',
    edits: [
      edit(
        backend('proposals/applyDeclaration.ts'),
        '(before.has(path) && apisOfGenerated(file)?.length === 0);',
        'before.has(path);',
      ),
    ],
    named: backend('proposals/filesOfOthers.test.ts'),
  },
  {
    id: 'objections-stand',
    edits: [
      edit(
        backend('proposals/ProposalReviews.ts'),
        'if (objectionsTo(record, pull).length > 0) {',
        'if (objectionsTo(record, pull).length < 0) {',
      ),
    ],
    named: backend('proposals/objections.test.ts'),
  },
  {
    id: 'approvals-end-with-a-revision',
    edits: [
      edit(
        backend('database/reviseRequest.ts'),
        '  await endApprovals(trx, id, now);\n',
      ),
    ],
    named: backend('tests/talk.test.ts'),
  },
  {
    id: 'only-who-asked-revises',
    edits: [
      edit(
        backend('access/Decisions.ts'),
        'const { requestedBy, damaged } = request;',
        'const { damaged } = request;\n    const requestedBy = person.ref;',
      ),
    ],
    named: backend('tests/talk.test.ts'),
  },
  {
    id: 'rules-cut-nobody',
    edits: [
      edit(
        backend('proposals/automatic.ts'),
        '(content?.flips ?? []).some(({ cut }) => cut.length > 0)',
        'false',
      ),
    ],
    named: backend('proposals/automatic.test.ts'),
  },
  {
    id: 'expired-end-is-proposed',
    edits: [
      edit(
        backend('access/GrantFollowUp.ts'),
        'dated.filter(({ days }) => days < 0)',
        'dated.filter(({ days }) => days === Infinity)',
      ),
    ],
    named: backend('access/GrantFollowUp.test.ts'),
  },
  {
    id: 'several-decisions-bind-to-their-digests',
    edits: [
      edit(
        backend('access/decideAll.ts'),
        "  if (!digest) {\n    throw new InputError(\n      'digest is missing: an approval is of what was shown.',\n    );\n  }\n",
      ),
      edit(
        backend('access/decideAll.ts'),
        '{ digest, ...(note && { note }), ...given }',
        '{ digest: (await (service as any).getRequest(id, by)).digest, ...(note && { note }), ...given }',
      ),
    ],
    named: backend('tests/talk.test.ts'),
  },
  {
    id: 'owners-of-the-caller-break-glass',
    edits: [
      edit(
        backend('access/glassAsk.ts'),
        'if (!(await ownership.owns(person, draft.caller))) {',
        'if (!person) {',
      ),
    ],
    named: backend('tests/breakGlass.test.ts'),
  },
  {
    id: 'break-glass-needs-its-permission',
    edits: [
      edit(
        backend('access/AuthorizedAccessService.ts'),
        '    if (draft.breakGlass) {\n      await this.#requireWrite(accessRequestBreakGlassPermission, options);\n    }\n    return this.service.createRequest',
        '    return this.service.createRequest',
      ),
    ],
    named: backend('tests/breakGlass.test.ts'),
  },
  {
    id: 'break-glass-only-opens',
    edits: [
      edit(
        backend('proposals/glassBlocks.ts'),
        "blocks.push({ code: 'closes' });",
        "blocks.concat({ code: 'closes' });",
      ),
    ],
    named: backend('tests/breakGlass.test.ts'),
  },
  {
    id: 'break-glass-rests',
    edits: [
      edit(
        backend('database/glass.ts'),
        'if (isAsked) return',
        'if (isAsked && !number) return',
      ),
      edit(
        backend('database/glass.ts'),
        'if (isRefused) return',
        'if (isRefused && !number) return',
      ),
    ],
    named: backend('tests/breakGlass.test.ts'),
  },
  {
    id: 'break-glass-rests-for-workloads',
    edits: [
      edit(
        backend('database/glass.ts'),
        ').some(each => own.includes(each));',
        ').some(each => own.includes(`${each}?`));',
      ),
    ],
    named: backend('tests/breakGlass.test.ts'),
  },
  {
    id: 'confirmed-as-it-was-sent',
    edits: [
      edit(
        backend('access/AccessDecisions.ts'),
        'if (meaning.digest !== body.digest) {',
        'if (body.digest === undefined) {',
      ),
    ],
    named: backend('tests/breakGlass.test.ts'),
  },
  {
    id: 'break-glass-ends-at-its-moment',
    edits: [
      edit(
        backend('access/GrantFollowUp.ts'),
        'await this.parts.glass?.runOnce(snapshot);',
      ),
    ],
    named: backend('tests/breakGlass.test.ts'),
  },
  {
    id: 'break-glass-not-before-its-moment',
    edits: [
      edit(
        backend('access/GlassFollowUp.ts'),
        'if (!breakGlass || (!isRejected && now() < breakGlass.expiresAt)) return;',
        'if (!breakGlass) return;',
      ),
    ],
    named: backend('access/GlassFollowUp.test.ts'),
  },
  {
    id: 'ends-that-wait-stop-no-end-of-break-glass',
    edits: [
      edit(
        backend('access/GlassFollowUp.ts'),
        ': CARRIED_STATES.includes(state) && !held;',
        ': OPEN_STATES.includes(state) || held === true;',
      ),
    ],
    named: backend('tests/breakGlass.test.ts'),
  },
  {
    id: 'kept-as-it-was-shown',
    edits: [
      edit(
        backend('access/ReviewDesk.ts'),
        'if (reviewed.standing.digest !== review.digest) {',
        'if (review.digest === undefined) {',
      ),
    ],
    named: backend('tests/reviews.test.ts'),
  },
  {
    id: 'nobody-keeps-their-own',
    edits: [
      edit(
        backend('access/ReviewDesk.ts'),
        'if (grant.requestedBy === person.ref) {',
        'if (grant.requestedBy === undefined) {',
      ),
      edit(
        backend('access/ReviewDesk.ts'),
        "      grant.requestedBy ?? '',\n    );",
        "      '',\n    );",
      ),
      edit(
        backend('access/ReviewDesk.ts'),
        "{ requestedBy: grant.requestedBy ?? '' },",
        "{ requestedBy: '' },",
      ),
    ],
    named: backend('tests/reviews.test.ts'),
  },
  {
    id: 'gone-is-seen-for-hours',
    edits: [
      edit(
        backend('database/CascadeStore.ts'),
        'before + Math.min(Math.max(gap, 0), LONGEST_GAP_MS)',
        'before + Math.max(gap, 0)',
      ),
    ],
    named: backend('access/CascadeFollowUp.test.ts'),
  },
  {
    id: 'gone-is-back',
    edits: [
      edit(
        backend('access/CascadeFollowUp.ts'),
        'if (!flag && !isBack) return;',
      ),
    ],
    named: backend('access/CascadeFollowUp.test.ts'),
  },
  {
    id: 'a-new-name-has-the-same-owners',
    edits: [
      edit(
        policy('cascade/renamedCaller.ts'),
        'if (owners.length === 0 || owners.join() !== lastOwners) return false;',
        'if (owners.length === 0) return false;',
      ),
    ],
    named: policy('cascade/cascadeOf.test.ts'),
  },
  {
    id: 'team-of-a-program-decides-nothing',
    edits: [
      edit(
        backend('access/Decisions.ts'),
        'return service !== undefined && claims.has(service.group);',
        'return service !== undefined && claims.size < 0;',
      ),
      edit(
        backend('ownership/Ownership.ts'),
        '...(service ? await this.peopleOf([service.group]) : []),',
        '...(service ? [] : []),',
      ),
    ],
    named: backend('tests/services.test.ts'),
  },
  {
    id: 'notice-is-waited-for',
    edits: [
      edit(
        backend('database/DatabaseProposalStore.ts'),
        '!damaged && !draft.change?.held',
        '!damaged && draft.change !== null',
      ),
    ],
    named: backend('tests/notice.test.ts'),
  },
];
