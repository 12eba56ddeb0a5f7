using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Hybrid.ControlPlane.Migrations.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class ConnectionWeaknesses : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "weaknesses",
                table: "connections",
                type: "character varying(1000)",
                maxLength: 1000,
                nullable: false,
                defaultValue: "");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "weaknesses",
                table: "connections");
        }
    }
}
