using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Hybrid.ControlPlane.Migrations.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class DirectoriesAndProviders : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<byte[]>(
                name: "protected_id_token",
                table: "sessions",
                type: "BLOB",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "cloud",
                table: "identity_providers",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "credential",
                table: "identity_providers",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "kind",
                table: "identity_providers",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<Guid>(
                name: "tenant_id",
                table: "identity_providers",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "directory_entries",
                columns: table => new
                {
                    organization_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    person_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    user_name = table.Column<string>(type: "TEXT", maxLength: 256, nullable: false),
                    normalized_user_name = table.Column<string>(type: "TEXT", maxLength: 256, nullable: false),
                    external_id = table.Column<string>(type: "TEXT", maxLength: 256, nullable: true),
                    given_name = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    family_name = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    brought_person = table.Column<bool>(type: "INTEGER", nullable: false),
                    suspended = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_directory_entries", x => new { x.organization_id, x.person_id });
                    table.ForeignKey(
                        name: "fk_directory_entries_organizations_organization_id",
                        column: x => x.organization_id,
                        principalTable: "organizations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_directory_entries_people_person_id",
                        column: x => x.person_id,
                        principalTable: "people",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_directory_entries_organization_id_external_id",
                table: "directory_entries",
                columns: new[] { "organization_id", "external_id" },
                unique: true,
                filter: "external_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_directory_entries_organization_id_normalized_user_name",
                table: "directory_entries",
                columns: new[] { "organization_id", "normalized_user_name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_directory_entries_person_id",
                table: "directory_entries",
                column: "person_id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "directory_entries");

            migrationBuilder.DropColumn(
                name: "protected_id_token",
                table: "sessions");

            migrationBuilder.DropColumn(
                name: "cloud",
                table: "identity_providers");

            migrationBuilder.DropColumn(
                name: "credential",
                table: "identity_providers");

            migrationBuilder.DropColumn(
                name: "kind",
                table: "identity_providers");

            migrationBuilder.DropColumn(
                name: "tenant_id",
                table: "identity_providers");
        }
    }
}
