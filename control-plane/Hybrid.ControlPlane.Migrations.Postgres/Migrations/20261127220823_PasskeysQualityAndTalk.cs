using System;
using System.Collections.Generic;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Hybrid.ControlPlane.Migrations.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class PasskeysQualityAndTalk : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_labels_asset_id_number",
                table: "labels");

            migrationBuilder.AddColumn<double>(
                name: "consensus_accuracy",
                table: "workflow_steps",
                type: "double precision",
                nullable: false,
                defaultValue: 0.0);

            migrationBuilder.AddColumn<double>(
                name: "consensus_confidence",
                table: "workflow_steps",
                type: "double precision",
                nullable: false,
                defaultValue: 0.0);

            migrationBuilder.AddColumn<int>(
                name: "consensus_labelers",
                table: "workflow_steps",
                type: "integer",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.AddColumn<int>(
                name: "consensus_most",
                table: "workflow_steps",
                type: "integer",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.AddColumn<double>(
                name: "consensus_share",
                table: "workflow_steps",
                type: "double precision",
                nullable: false,
                defaultValue: 0.0);

            migrationBuilder.AddColumn<double>(
                name: "consensus_threshold",
                table: "workflow_steps",
                type: "double precision",
                nullable: false,
                defaultValue: 0.0);

            migrationBuilder.AddColumn<int>(
                name: "consensus_version",
                table: "workflow_steps",
                type: "integer",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.AddColumn<int>(
                name: "purpose",
                table: "tasks",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "strand",
                table: "tasks",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "guideline_version",
                table: "projects",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "has_consensus",
                table: "projects",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "has_honeypots",
                table: "projects",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "issues_block",
                table: "projects",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<int>(
                name: "must_read_version",
                table: "projects",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "strand",
                table: "labels",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.CreateTable(
                name: "answered_challenges",
                columns: table => new
                {
                    digest = table.Column<byte[]>(type: "bytea", maxLength: 32, nullable: false),
                    expires_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_answered_challenges", x => x.digest);
                });

            migrationBuilder.CreateTable(
                name: "consensus_rounds",
                columns: table => new
                {
                    asset_id = table.Column<Guid>(type: "uuid", nullable: false),
                    step_id = table.Column<Guid>(type: "uuid", nullable: false),
                    round = table.Column<int>(type: "integer", nullable: false),
                    organization_id = table.Column<Guid>(type: "uuid", nullable: false),
                    project_id = table.Column<Guid>(type: "uuid", nullable: false),
                    workflow_version = table.Column<int>(type: "integer", nullable: false),
                    policy_version = table.Column<int>(type: "integer", nullable: false),
                    share = table.Column<double>(type: "double precision", nullable: false),
                    draw = table.Column<double>(type: "double precision", nullable: false),
                    wanted = table.Column<int>(type: "integer", nullable: false),
                    decided_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    state = table.Column<int>(type: "integer", nullable: false),
                    answers = table.Column<int>(type: "integer", nullable: false),
                    agreement = table.Column<double>(type: "double precision", nullable: true),
                    confidence = table.Column<double>(type: "double precision", nullable: true),
                    chosen_label_id = table.Column<Guid>(type: "uuid", nullable: true),
                    escalated = table.Column<bool>(type: "boolean", nullable: false),
                    settled_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_consensus_rounds", x => new { x.asset_id, x.step_id, x.round });
                    table.ForeignKey(
                        name: "fk_consensus_rounds_assets_asset_id",
                        column: x => x.asset_id,
                        principalTable: "assets",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "guideline_pictures",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organization_id = table.Column<Guid>(type: "uuid", nullable: false),
                    project_id = table.Column<Guid>(type: "uuid", nullable: false),
                    connection_id = table.Column<Guid>(type: "uuid", nullable: false),
                    key = table.Column<string>(type: "character varying(1024)", maxLength: 1024, nullable: false),
                    published_in = table.Column<int>(type: "integer", nullable: true),
                    created_by = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_guideline_pictures", x => x.id);
                    table.ForeignKey(
                        name: "fk_guideline_pictures_connections_connection_id",
                        column: x => x.connection_id,
                        principalTable: "connections",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_guideline_pictures_projects_project_id",
                        column: x => x.project_id,
                        principalTable: "projects",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "guideline_readings",
                columns: table => new
                {
                    project_id = table.Column<Guid>(type: "uuid", nullable: false),
                    person_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    organization_id = table.Column<Guid>(type: "uuid", nullable: false),
                    read_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_guideline_readings", x => new { x.project_id, x.person_id, x.number });
                    table.ForeignKey(
                        name: "fk_guideline_readings_people_person_id",
                        column: x => x.person_id,
                        principalTable: "people",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_guideline_readings_projects_project_id",
                        column: x => x.project_id,
                        principalTable: "projects",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "guideline_versions",
                columns: table => new
                {
                    project_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    organization_id = table.Column<Guid>(type: "uuid", nullable: false),
                    text = table.Column<string>(type: "text", nullable: false),
                    sections = table.Column<string>(type: "text", nullable: false),
                    digest = table.Column<byte[]>(type: "bytea", maxLength: 32, nullable: false),
                    reason = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false),
                    must_read = table.Column<bool>(type: "boolean", nullable: false),
                    created_by = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_guideline_versions", x => new { x.project_id, x.number });
                    table.ForeignKey(
                        name: "fk_guideline_versions_projects_project_id",
                        column: x => x.project_id,
                        principalTable: "projects",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "honeypots",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organization_id = table.Column<Guid>(type: "uuid", nullable: false),
                    project_id = table.Column<Guid>(type: "uuid", nullable: false),
                    asset_id = table.Column<Guid>(type: "uuid", nullable: false),
                    truth_label_id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_by = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    given = table.Column<int>(type: "integer", nullable: false),
                    retired_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    retired_by = table.Column<Guid>(type: "uuid", nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_honeypots", x => x.id);
                    table.ForeignKey(
                        name: "fk_honeypots_assets_asset_id",
                        column: x => x.asset_id,
                        principalTable: "assets",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_honeypots_labels_truth_label_id",
                        column: x => x.truth_label_id,
                        principalTable: "labels",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "label_pairs",
                columns: table => new
                {
                    first_label_id = table.Column<Guid>(type: "uuid", nullable: false),
                    second_label_id = table.Column<Guid>(type: "uuid", nullable: false),
                    organization_id = table.Column<Guid>(type: "uuid", nullable: false),
                    project_id = table.Column<Guid>(type: "uuid", nullable: false),
                    asset_id = table.Column<Guid>(type: "uuid", nullable: false),
                    first_person_id = table.Column<Guid>(type: "uuid", nullable: false),
                    second_person_id = table.Column<Guid>(type: "uuid", nullable: false),
                    agreement = table.Column<double>(type: "double precision", nullable: true),
                    ontology_version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_label_pairs", x => new { x.first_label_id, x.second_label_id });
                    table.ForeignKey(
                        name: "fk_label_pairs_labels_first_label_id",
                        column: x => x.first_label_id,
                        principalTable: "labels",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_label_pairs_labels_second_label_id",
                        column: x => x.second_label_id,
                        principalTable: "labels",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "labeler_standings",
                columns: table => new
                {
                    project_id = table.Column<Guid>(type: "uuid", nullable: false),
                    person_id = table.Column<Guid>(type: "uuid", nullable: false),
                    organization_id = table.Column<Guid>(type: "uuid", nullable: false),
                    answered = table.Column<int>(type: "integer", nullable: false),
                    since_honeypot = table.Column<int>(type: "integer", nullable: false),
                    paused_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    pause_n = table.Column<int>(type: "integer", nullable: true),
                    pause_score = table.Column<double>(type: "double precision", nullable: true),
                    pause_upper = table.Column<double>(type: "double precision", nullable: true),
                    pause_threshold = table.Column<double>(type: "double precision", nullable: true),
                    lifted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    lifted_by = table.Column<Guid>(type: "uuid", nullable: true),
                    drifting_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    drift_sum = table.Column<double>(type: "double precision", nullable: true),
                    drift_n = table.Column<int>(type: "integer", nullable: true),
                    drift_noted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_labeler_standings", x => new { x.project_id, x.person_id });
                    table.ForeignKey(
                        name: "fk_labeler_standings_projects_project_id",
                        column: x => x.project_id,
                        principalTable: "projects",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "passkeys",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    person_id = table.Column<Guid>(type: "uuid", nullable: false),
                    credential_id = table.Column<byte[]>(type: "bytea", maxLength: 1023, nullable: false),
                    public_key = table.Column<byte[]>(type: "bytea", maxLength: 1024, nullable: false),
                    name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    sign_count = table.Column<long>(type: "bigint", nullable: false),
                    transports = table.Column<List<string>>(type: "text[]", nullable: false),
                    backup_eligible = table.Column<bool>(type: "boolean", nullable: false),
                    backed_up = table.Column<bool>(type: "boolean", nullable: false),
                    attestation_object = table.Column<byte[]>(type: "bytea", nullable: false),
                    client_data_json = table.Column<byte[]>(type: "bytea", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    last_used_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_passkeys", x => x.id);
                    table.ForeignKey(
                        name: "fk_passkeys_people_person_id",
                        column: x => x.person_id,
                        principalTable: "people",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "quality_jobs",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organization_id = table.Column<Guid>(type: "uuid", nullable: false),
                    project_id = table.Column<Guid>(type: "uuid", nullable: false),
                    task_id = table.Column<Guid>(type: "uuid", nullable: false),
                    person_id = table.Column<Guid>(type: "uuid", nullable: false),
                    not_before = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    failures = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_quality_jobs", x => x.id);
                    table.ForeignKey(
                        name: "fk_quality_jobs_projects_project_id",
                        column: x => x.project_id,
                        principalTable: "projects",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "quality_settings",
                columns: table => new
                {
                    project_id = table.Column<Guid>(type: "uuid", nullable: false),
                    organization_id = table.Column<Guid>(type: "uuid", nullable: false),
                    honeypot_share = table.Column<double>(type: "double precision", nullable: false),
                    honeypot_spacing = table.Column<int>(type: "integer", nullable: false),
                    honeypot_most_given = table.Column<int>(type: "integer", nullable: true),
                    pause_threshold = table.Column<double>(type: "double precision", nullable: true),
                    score_window = table.Column<int>(type: "integer", nullable: false),
                    minimum = table.Column<int>(type: "integer", nullable: false),
                    drift_reference = table.Column<double>(type: "double precision", nullable: true),
                    drift_slack = table.Column<double>(type: "double precision", nullable: false),
                    drift_limit = table.Column<double>(type: "double precision", nullable: false),
                    consensus_blocks_done = table.Column<bool>(type: "boolean", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_quality_settings", x => x.project_id);
                    table.ForeignKey(
                        name: "fk_quality_settings_projects_project_id",
                        column: x => x.project_id,
                        principalTable: "projects",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "queue_jobs",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organization_id = table.Column<Guid>(type: "uuid", nullable: false),
                    project_id = table.Column<Guid>(type: "uuid", nullable: false),
                    act = table.Column<int>(type: "integer", nullable: false),
                    filter = table.Column<string>(type: "text", nullable: false),
                    argument = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<int>(type: "integer", nullable: false),
                    total = table.Column<int>(type: "integer", nullable: false),
                    changed = table.Column<int>(type: "integer", nullable: false),
                    unchanged = table.Column<int>(type: "integer", nullable: false),
                    refused = table.Column<int>(type: "integer", nullable: false),
                    cursor = table.Column<Guid>(type: "uuid", nullable: true),
                    until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    undone_by = table.Column<Guid>(type: "uuid", nullable: true),
                    created_by = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    finished_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_queue_jobs", x => x.id);
                    table.ForeignKey(
                        name: "fk_queue_jobs_projects_project_id",
                        column: x => x.project_id,
                        principalTable: "projects",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "threads",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organization_id = table.Column<Guid>(type: "uuid", nullable: false),
                    project_id = table.Column<Guid>(type: "uuid", nullable: false),
                    asset_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<int>(type: "integer", nullable: false),
                    status = table.Column<int>(type: "integer", nullable: false),
                    anchor = table.Column<int>(type: "integer", nullable: false),
                    object_id = table.Column<Guid>(type: "uuid", nullable: true),
                    x = table.Column<double>(type: "double precision", nullable: true),
                    y = table.Column<double>(type: "double precision", nullable: true),
                    span_start = table.Column<long>(type: "bigint", nullable: true),
                    span_end = table.Column<long>(type: "bigint", nullable: true),
                    step_id = table.Column<Guid>(type: "uuid", nullable: false),
                    round = table.Column<int>(type: "integer", nullable: false),
                    label_id = table.Column<Guid>(type: "uuid", nullable: true),
                    ontology_version = table.Column<int>(type: "integer", nullable: false),
                    guideline_version = table.Column<int>(type: "integer", nullable: true),
                    author_id = table.Column<Guid>(type: "uuid", nullable: false),
                    assignee_id = table.Column<Guid>(type: "uuid", nullable: true),
                    opened_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    comments = table.Column<int>(type: "integer", nullable: false),
                    settled_by = table.Column<Guid>(type: "uuid", nullable: true),
                    settled_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    became_guideline = table.Column<int>(type: "integer", nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_threads", x => x.id);
                    table.ForeignKey(
                        name: "fk_threads_assets_asset_id",
                        column: x => x.asset_id,
                        principalTable: "assets",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_threads_projects_project_id",
                        column: x => x.project_id,
                        principalTable: "projects",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "honeypot_scores",
                columns: table => new
                {
                    label_id = table.Column<Guid>(type: "uuid", nullable: false),
                    organization_id = table.Column<Guid>(type: "uuid", nullable: false),
                    project_id = table.Column<Guid>(type: "uuid", nullable: false),
                    honeypot_id = table.Column<Guid>(type: "uuid", nullable: false),
                    asset_id = table.Column<Guid>(type: "uuid", nullable: false),
                    person_id = table.Column<Guid>(type: "uuid", nullable: false),
                    score = table.Column<double>(type: "double precision", nullable: true),
                    ontology_version = table.Column<int>(type: "integer", nullable: false),
                    answered_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_honeypot_scores", x => x.label_id);
                    table.ForeignKey(
                        name: "fk_honeypot_scores_honeypots_honeypot_id",
                        column: x => x.honeypot_id,
                        principalTable: "honeypots",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_honeypot_scores_labels_label_id",
                        column: x => x.label_id,
                        principalTable: "labels",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "queue_job_changes",
                columns: table => new
                {
                    job_id = table.Column<Guid>(type: "uuid", nullable: false),
                    task_id = table.Column<Guid>(type: "uuid", nullable: false),
                    organization_id = table.Column<Guid>(type: "uuid", nullable: false),
                    project_id = table.Column<Guid>(type: "uuid", nullable: false),
                    assigned_to = table.Column<Guid>(type: "uuid", nullable: true),
                    sent_back_to = table.Column<Guid>(type: "uuid", nullable: true),
                    priority = table.Column<int>(type: "integer", nullable: false),
                    due_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    new_assigned_to = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_queue_job_changes", x => new { x.job_id, x.task_id });
                    table.ForeignKey(
                        name: "fk_queue_job_changes_queue_jobs_job_id",
                        column: x => x.job_id,
                        principalTable: "queue_jobs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_queue_job_changes_tasks_task_id",
                        column: x => x.task_id,
                        principalTable: "tasks",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "thread_comments",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organization_id = table.Column<Guid>(type: "uuid", nullable: false),
                    project_id = table.Column<Guid>(type: "uuid", nullable: false),
                    thread_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    author_id = table.Column<Guid>(type: "uuid", nullable: false),
                    text = table.Column<string>(type: "character varying(8000)", maxLength: 8000, nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_thread_comments", x => x.id);
                    table.ForeignKey(
                        name: "fk_thread_comments_threads_thread_id",
                        column: x => x.thread_id,
                        principalTable: "threads",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "thread_people",
                columns: table => new
                {
                    thread_id = table.Column<Guid>(type: "uuid", nullable: false),
                    person_id = table.Column<Guid>(type: "uuid", nullable: false),
                    organization_id = table.Column<Guid>(type: "uuid", nullable: false),
                    project_id = table.Column<Guid>(type: "uuid", nullable: false),
                    is_concerned = table.Column<bool>(type: "boolean", nullable: false),
                    seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    tell_since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_thread_people", x => new { x.thread_id, x.person_id });
                    table.ForeignKey(
                        name: "fk_thread_people_people_person_id",
                        column: x => x.person_id,
                        principalTable: "people",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_thread_people_threads_thread_id",
                        column: x => x.thread_id,
                        principalTable: "threads",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ux_tasks_copy_assignee",
                table: "tasks",
                columns: new[] { "asset_id", "assigned_to" },
                unique: true,
                filter: "purpose = 1 and state = 0 and assigned_to is not null");

            migrationBuilder.CreateIndex(
                name: "ux_tasks_copy_holder",
                table: "tasks",
                columns: new[] { "asset_id", "holder_id" },
                unique: true,
                filter: "purpose = 1 and state = 0 and holder_id is not null");

            migrationBuilder.CreateIndex(
                name: "ux_tasks_honeypot",
                table: "tasks",
                columns: new[] { "project_id", "assigned_to" },
                unique: true,
                filter: "purpose = 2 and state = 0 and assigned_to is not null");

            migrationBuilder.CreateIndex(
                name: "ix_labels_asset_id_strand_number",
                table: "labels",
                columns: new[] { "asset_id", "strand", "number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_answered_challenges_expires_at",
                table: "answered_challenges",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "ix_consensus_rounds_project_id_state_settled_at",
                table: "consensus_rounds",
                columns: new[] { "project_id", "state", "settled_at" });

            migrationBuilder.CreateIndex(
                name: "ix_guideline_pictures_connection_id",
                table: "guideline_pictures",
                column: "connection_id");

            migrationBuilder.CreateIndex(
                name: "ix_guideline_pictures_project_id_connection_id_key",
                table: "guideline_pictures",
                columns: new[] { "project_id", "connection_id", "key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_guideline_readings_person_id",
                table: "guideline_readings",
                column: "person_id");

            migrationBuilder.CreateIndex(
                name: "ix_honeypot_scores_honeypot_id",
                table: "honeypot_scores",
                column: "honeypot_id");

            migrationBuilder.CreateIndex(
                name: "ix_honeypot_scores_project_id_person_id_answered_at_label_id",
                table: "honeypot_scores",
                columns: new[] { "project_id", "person_id", "answered_at", "label_id" });

            migrationBuilder.CreateIndex(
                name: "ix_honeypots_active",
                table: "honeypots",
                columns: new[] { "project_id", "given", "id" },
                filter: "retired_at is null");

            migrationBuilder.CreateIndex(
                name: "ix_honeypots_asset_id",
                table: "honeypots",
                column: "asset_id");

            migrationBuilder.CreateIndex(
                name: "ix_honeypots_project_id_asset_id",
                table: "honeypots",
                columns: new[] { "project_id", "asset_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_honeypots_truth_label_id",
                table: "honeypots",
                column: "truth_label_id");

            migrationBuilder.CreateIndex(
                name: "ix_label_pairs_asset_id",
                table: "label_pairs",
                column: "asset_id");

            migrationBuilder.CreateIndex(
                name: "ix_label_pairs_project_id_first_person_id_second_person_id",
                table: "label_pairs",
                columns: new[] { "project_id", "first_person_id", "second_person_id" });

            migrationBuilder.CreateIndex(
                name: "ix_label_pairs_second_label_id",
                table: "label_pairs",
                column: "second_label_id");

            migrationBuilder.CreateIndex(
                name: "ix_passkeys_credential_id",
                table: "passkeys",
                column: "credential_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_passkeys_person_id",
                table: "passkeys",
                column: "person_id");

            migrationBuilder.CreateIndex(
                name: "ix_quality_jobs_not_before_id",
                table: "quality_jobs",
                columns: new[] { "not_before", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_quality_jobs_project_id",
                table: "quality_jobs",
                column: "project_id");

            migrationBuilder.CreateIndex(
                name: "ix_queue_job_changes_task_id",
                table: "queue_job_changes",
                column: "task_id");

            migrationBuilder.CreateIndex(
                name: "ix_queue_jobs_project_id_id",
                table: "queue_jobs",
                columns: new[] { "project_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_queue_jobs_state",
                table: "queue_jobs",
                column: "state",
                filter: "state = 0");

            migrationBuilder.CreateIndex(
                name: "ix_thread_comments_thread_id_number",
                table: "thread_comments",
                columns: new[] { "thread_id", "number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_thread_people_person_id",
                table: "thread_people",
                column: "person_id");

            migrationBuilder.CreateIndex(
                name: "ix_thread_people_project_id_person_id_thread_id",
                table: "thread_people",
                columns: new[] { "project_id", "person_id", "thread_id" });

            migrationBuilder.CreateIndex(
                name: "ix_thread_people_tell_since",
                table: "thread_people",
                column: "tell_since",
                filter: "tell_since is not null");

            migrationBuilder.CreateIndex(
                name: "ix_threads_asset_id_status",
                table: "threads",
                columns: new[] { "asset_id", "status" });

            migrationBuilder.CreateIndex(
                name: "ix_threads_project_id_assignee_id",
                table: "threads",
                columns: new[] { "project_id", "assignee_id" },
                filter: "assignee_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_threads_project_id_opened_at_id",
                table: "threads",
                columns: new[] { "project_id", "opened_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_threads_project_id_status_opened_at_id",
                table: "threads",
                columns: new[] { "project_id", "status", "opened_at", "id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "answered_challenges");

            migrationBuilder.DropTable(
                name: "consensus_rounds");

            migrationBuilder.DropTable(
                name: "guideline_pictures");

            migrationBuilder.DropTable(
                name: "guideline_readings");

            migrationBuilder.DropTable(
                name: "guideline_versions");

            migrationBuilder.DropTable(
                name: "honeypot_scores");

            migrationBuilder.DropTable(
                name: "label_pairs");

            migrationBuilder.DropTable(
                name: "labeler_standings");

            migrationBuilder.DropTable(
                name: "passkeys");

            migrationBuilder.DropTable(
                name: "quality_jobs");

            migrationBuilder.DropTable(
                name: "quality_settings");

            migrationBuilder.DropTable(
                name: "queue_job_changes");

            migrationBuilder.DropTable(
                name: "thread_comments");

            migrationBuilder.DropTable(
                name: "thread_people");

            migrationBuilder.DropTable(
                name: "honeypots");

            migrationBuilder.DropTable(
                name: "queue_jobs");

            migrationBuilder.DropTable(
                name: "threads");

            migrationBuilder.DropIndex(
                name: "ux_tasks_copy_assignee",
                table: "tasks");

            migrationBuilder.DropIndex(
                name: "ux_tasks_copy_holder",
                table: "tasks");

            migrationBuilder.DropIndex(
                name: "ux_tasks_honeypot",
                table: "tasks");

            migrationBuilder.DropIndex(
                name: "ix_labels_asset_id_strand_number",
                table: "labels");

            migrationBuilder.DropColumn(
                name: "consensus_accuracy",
                table: "workflow_steps");

            migrationBuilder.DropColumn(
                name: "consensus_confidence",
                table: "workflow_steps");

            migrationBuilder.DropColumn(
                name: "consensus_labelers",
                table: "workflow_steps");

            migrationBuilder.DropColumn(
                name: "consensus_most",
                table: "workflow_steps");

            migrationBuilder.DropColumn(
                name: "consensus_share",
                table: "workflow_steps");

            migrationBuilder.DropColumn(
                name: "consensus_threshold",
                table: "workflow_steps");

            migrationBuilder.DropColumn(
                name: "consensus_version",
                table: "workflow_steps");

            migrationBuilder.DropColumn(
                name: "purpose",
                table: "tasks");

            migrationBuilder.DropColumn(
                name: "strand",
                table: "tasks");

            migrationBuilder.DropColumn(
                name: "guideline_version",
                table: "projects");

            migrationBuilder.DropColumn(
                name: "has_consensus",
                table: "projects");

            migrationBuilder.DropColumn(
                name: "has_honeypots",
                table: "projects");

            migrationBuilder.DropColumn(
                name: "issues_block",
                table: "projects");

            migrationBuilder.DropColumn(
                name: "must_read_version",
                table: "projects");

            migrationBuilder.DropColumn(
                name: "strand",
                table: "labels");

            migrationBuilder.CreateIndex(
                name: "ix_labels_asset_id_number",
                table: "labels",
                columns: new[] { "asset_id", "number" },
                unique: true);
        }
    }
}
