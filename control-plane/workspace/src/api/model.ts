import type { LabelDocument, Ontology } from '../engine';
import type { components } from './schema';

type Schemas = components['schemas'];
/** The document says "any JSON" where the label model speaks: the model's own types stand in. */
type With<T, Known> = Omit<T, keyof Known> & Known;

export type PersonRef = Schemas['PersonRef'];
export type OrganizationRole = Schemas['OrganizationRole'];
export type ProjectRole = Schemas['ProjectRole'];
export type AssetStatus = Schemas['AssetStatus'];
export type WorkKind = Schemas['WorkKind'];
export type StepKind = Schemas['StepKind'];
export type SessionView = Schemas['SessionView'];
export type Progress = Schemas['Progress'];
export type ProjectSummary = Schemas['ListProjectsItem'];
export type Project = Schemas['ViewProjectResponse'];
export type ProjectStep = Schemas['StepProgress'];
export type ProjectAgent = Schemas['ViewProjectAgentItem'];
export type Member = Schemas['MemberItem'];
export type ProjectTeams = Schemas['ListProjectTeamsResponse'];
export type ProjectNotice = Schemas['ViewProjectNotice'];
export type ProjectConnectionRow = Schemas['ListProjectConnectionsItem'];
export type OverseenProject = Schemas['ListAllProjectsItem'];
export type PersonView = Schemas['ViewPersonResponse'];
export type Invitation = NonNullable<PersonView['invitation']>;
export type MailLinkView = Schemas['ViewMailLinkResponse'];
export type MemberStatus = Schemas['MemberStatus'];
export type TeamRow = Schemas['ListTeamsItem'];
export type PeopleJobKind = Schemas['PeopleJobKind'];
export type PeopleJobView = Schemas['PeopleJobView'];
export type JudgedLine = Schemas['CheckPeopleLine'];
export type JudgedList = Schemas['CheckPeopleResponse'];
export type AccessRow = Schemas['AccessRow'];
export type AccessVerdict = Schemas['AccessVerdict'];
export type PersonRow = Schemas['ListPeopleItem'];
export type ServiceAccount = Schemas['ListServiceAccountsItem'];
export type ApiKeyRow = Schemas['ListServiceAccountsKeyItem'];
export type IssuedKey = Schemas['IssuedKey'];
export type NewKey = Schemas['IssueApiKeyBody'];
export type Profile = Schemas['ViewProfileResponse'];
export type SessionRow = Schemas['ViewProfileSessionItem'];
export type PasskeyRow = Schemas['ViewProfilePasskeyItem'];
export type PasskeyAnswer = Schemas['PasskeyAnswer'];
export type PasskeyQuestion = Schemas['PasskeyQuestion'];
export type BegunAuthenticator = Schemas['BeginAuthenticatorResponse'];
export type GroupRule = Schemas['GroupRule'];
export type Provider = Schemas['ViewProviderProvider'];
export type ProviderSettings = Schemas['ConfigureProviderCommand'];
export type SingleSignOn = Schemas['ViewProviderResponse'];
export type FoundProvider = NonNullable<Schemas['DiscoverProviderResponse']['provider']>;
export type SecuritySettings = Schemas['ViewSecurityResponse'];
export type AgentRow = Schemas['ListAgentsItem'];
export type ConnectionRow = Schemas['ListAgentsConnectionItem'];
export type EnrolmentTokenView = Schemas['IssueAgentTokenResponse'];
export type ImportView = Schemas['ImportView'];
export type QueueRow = Schemas['ListQueueItem'];
export type AssetRow = Schemas['ListAssetsItem'];
export type WorkflowInForce = Schemas['ViewWorkflowResponse'];
export type SamplingPolicy = Schemas['SamplingView'];
export type ConsensusPolicy = Schemas['ConsensusView'];
export type QualityFigures = Schemas['ViewQualityResponse'];
export type QualityRules = Schemas['RulesView'];
export type Estimate = Schemas['EstimateView'];
export type HoneypotRow = Schemas['ListHoneypotsItem'];
export type NewStep = With<Schemas['PublishWorkflowStep'], { readonly people: readonly string[] | null }>;
export type AssetHistory = Schemas['ViewAssetResponse'];
export type Guideline = Schemas['GuidelineView'];
export type ThreadItem = Schemas['ThreadItem'];
export type NewThread = Schemas['OpenThreadBody'];
export type ThreadKind = Schemas['ThreadKind'];
export type ThreadAnchor = Schemas['ThreadAnchor'];
export interface ThreadFilter { readonly kind?: ThreadKind | undefined; readonly status?: Schemas['ThreadStatus'] | undefined; readonly whose?: 'assignedToMe' | 'openedByMe' | 'mine' | undefined; readonly unread?: boolean | undefined; readonly search?: string | undefined }
export type NewQueueJob = Schemas['StartQueueJobBody'];
/** What of the queue is shown, as it stands in the address. */
export interface QueueSearch {
  readonly kind?: StepKind | undefined; readonly search?: string | undefined; readonly hold?: 'held' | 'free' | undefined; readonly owner?: 'somebody' | 'anybody' | undefined;
  readonly overdue?: boolean | undefined; readonly priorityFrom?: number | undefined; readonly priorityTo?: number | undefined;
}
export type QueueAct = Schemas['QueueAct'];
export type QueueFilter = Schemas['QueueFilter'];
export type QueueJobView = Schemas['QueueJobView'];
export type TaskAsset = Schemas['AssetView'];
export type Lease = Schemas['LeaseView'];
export type OntologyVersion = With<Schemas['OntologyView'], { readonly document: Ontology }>;
export type TaskLabel = With<Schemas['LabelView'], { readonly document: LabelDocument }>;
export type TaskDraft = With<Schemas['DraftView'], { readonly document: LabelDocument }>;
export type TaskView = With<Schemas['TaskView'], { readonly ontology: OntologyVersion; readonly label: TaskLabel | null; readonly answers: readonly TaskLabel[] | null; readonly draft: TaskDraft | null }>;
export type NextTask = With<Schemas['NextTaskResponse'], { readonly task: TaskView | null }>;
export type SavedDraft = Schemas['SaveDraftResponse'];
export type ReviewBody = With<Schemas['ReviewTaskBody'], { readonly document: LabelDocument | null }>;
export type NewProject = With<Schemas['CreateProjectCommand'], { readonly ontology: Ontology | null; readonly connectionIds: readonly string[] }>;

/** One page of a listing, and where the next one begins. */
export interface Page<T> { readonly items: readonly T[]; readonly next?: string | null; /** How many match in all; the first page tells. */ readonly total?: number | null }
