using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Hybrid.ControlPlane.Migrations.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class Workflow : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "is_named",
                table: "workflow_steps",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<int>(
                name: "sampling_first",
                table: "workflow_steps",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "sampling_kind",
                table: "workflow_steps",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "sampling_minimum",
                table: "workflow_steps",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<double>(
                name: "sampling_rate",
                table: "workflow_steps",
                type: "double precision",
                nullable: false,
                defaultValue: 1.0);

            migrationBuilder.AddColumn<double>(
                name: "sampling_threshold",
                table: "workflow_steps",
                type: "double precision",
                nullable: false,
                defaultValue: 0.0);

            migrationBuilder.AddColumn<int>(
                name: "sampling_version",
                table: "workflow_steps",
                type: "integer",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.AddColumn<int>(
                name: "sampling_window",
                table: "workflow_steps",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "due_at",
                table: "tasks",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<double>(
                name: "agreement",
                table: "reviews",
                type: "double precision",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "step_id",
                table: "reviews",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "workflow_version",
                table: "reviews",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "has_named_steps",
                table: "projects",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "sends_back_to_queue",
                table: "projects",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateTable(
                name: "sampling_decisions",
                columns: table => new
                {
                    asset_id = table.Column<Guid>(type: "uuid", nullable: false),
                    step_id = table.Column<Guid>(type: "uuid", nullable: false),
                    round = table.Column<int>(type: "integer", nullable: false),
                    organization_id = table.Column<Guid>(type: "uuid", nullable: false),
                    project_id = table.Column<Guid>(type: "uuid", nullable: false),
                    workflow_version = table.Column<int>(type: "integer", nullable: false),
                    policy_version = table.Column<int>(type: "integer", nullable: false),
                    arrived_before = table.Column<int>(type: "integer", nullable: true),
                    reviewed = table.Column<int>(type: "integer", nullable: true),
                    rolling_agreement = table.Column<double>(type: "double precision", nullable: true),
                    rate = table.Column<double>(type: "double precision", nullable: false),
                    draw = table.Column<double>(type: "double precision", nullable: false),
                    is_drawn = table.Column<bool>(type: "boolean", nullable: false),
                    label_id = table.Column<Guid>(type: "uuid", nullable: false),
                    decided_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sampling_decisions", x => new { x.asset_id, x.step_id, x.round });
                });

            migrationBuilder.CreateTable(
                name: "workflow_step_members",
                columns: table => new
                {
                    step_id = table.Column<Guid>(type: "uuid", nullable: false),
                    workflow_version = table.Column<int>(type: "integer", nullable: false),
                    person_id = table.Column<Guid>(type: "uuid", nullable: false),
                    organization_id = table.Column<Guid>(type: "uuid", nullable: false),
                    project_id = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_workflow_step_members", x => new { x.step_id, x.workflow_version, x.person_id });
                    table.ForeignKey(
                        name: "fk_workflow_step_members_people_person_id",
                        column: x => x.person_id,
                        principalTable: "people",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_workflow_step_members_projects_project_id",
                        column: x => x.project_id,
                        principalTable: "projects",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_reviews_rolling",
                table: "reviews",
                columns: new[] { "step_id", "created_at", "id" },
                filter: "step_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_sampling_decisions_arrived",
                table: "sampling_decisions",
                columns: new[] { "step_id", "policy_version", "arrived_before" },
                filter: "arrived_before is not null");

            migrationBuilder.CreateIndex(
                name: "ix_sampling_decisions_project_id_step_id_decided_at",
                table: "sampling_decisions",
                columns: new[] { "project_id", "step_id", "decided_at" });

            migrationBuilder.CreateIndex(
                name: "ix_workflow_step_members_person_id",
                table: "workflow_step_members",
                column: "person_id");

            migrationBuilder.CreateIndex(
                name: "ix_workflow_step_members_project_id",
                table: "workflow_step_members",
                column: "project_id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "sampling_decisions");

            migrationBuilder.DropTable(
                name: "workflow_step_members");

            migrationBuilder.DropIndex(
                name: "ix_reviews_rolling",
                table: "reviews");

            migrationBuilder.DropColumn(
                name: "is_named",
                table: "workflow_steps");

            migrationBuilder.DropColumn(
                name: "sampling_first",
                table: "workflow_steps");

            migrationBuilder.DropColumn(
                name: "sampling_kind",
                table: "workflow_steps");

            migrationBuilder.DropColumn(
                name: "sampling_minimum",
                table: "workflow_steps");

            migrationBuilder.DropColumn(
                name: "sampling_rate",
                table: "workflow_steps");

            migrationBuilder.DropColumn(
                name: "sampling_threshold",
                table: "workflow_steps");

            migrationBuilder.DropColumn(
                name: "sampling_version",
                table: "workflow_steps");

            migrationBuilder.DropColumn(
                name: "sampling_window",
                table: "workflow_steps");

            migrationBuilder.DropColumn(
                name: "due_at",
                table: "tasks");

            migrationBuilder.DropColumn(
                name: "agreement",
                table: "reviews");

            migrationBuilder.DropColumn(
                name: "step_id",
                table: "reviews");

            migrationBuilder.DropColumn(
                name: "workflow_version",
                table: "reviews");

            migrationBuilder.DropColumn(
                name: "has_named_steps",
                table: "projects");

            migrationBuilder.DropColumn(
                name: "sends_back_to_queue",
                table: "projects");
        }
    }
}
