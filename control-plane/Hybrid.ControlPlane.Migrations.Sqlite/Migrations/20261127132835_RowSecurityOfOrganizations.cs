using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Hybrid.ControlPlane.Migrations.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class RowSecurityOfOrganizations : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_assets_undescribed",
                table: "assets");

            migrationBuilder.CreateIndex(
                name: "ix_assets_undescribed",
                table: "assets",
                columns: new[] { "organization_id", "id" },
                filter: "width is null and describe_error is null");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_assets_undescribed",
                table: "assets");

            migrationBuilder.CreateIndex(
                name: "ix_assets_undescribed",
                table: "assets",
                column: "id",
                filter: "width is null and describe_error is null");
        }
    }
}
