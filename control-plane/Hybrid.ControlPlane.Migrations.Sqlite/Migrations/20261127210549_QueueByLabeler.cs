using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Hybrid.ControlPlane.Migrations.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class QueueByLabeler : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "labeled_by",
                table: "tasks",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_tasks_queue_by_labeler",
                table: "tasks",
                columns: new[] { "project_id", "labeled_by", "priority", "arrived_at", "id" },
                descending: new[] { false, false, true, false, false },
                filter: "state = 0 and sent_back_to is null and assigned_to is null and labeled_by is not null");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_tasks_queue_by_labeler",
                table: "tasks");

            migrationBuilder.DropColumn(
                name: "labeled_by",
                table: "tasks");
        }
    }
}
